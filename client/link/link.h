#pragma once

#include <optional>
#include <string>
#include <thread>

#include "client/link/conversation.h"
#include "client/link/inbox.h"
#include "client/link/requests.h"
#include "client/link/server_start.h"
#include "client/outbox/outbox.h"
#include "common/net/socket.h"
#include "common/net/tls.h"

namespace md2 {

/// The thread that owns socket, channel and protocol: it connects, talks (Conversation), and connects again when the
/// server has gone. It calls nothing of readline, and nobody else touches what is its.
class Link {
 public:
  struct Settings {
    Address server;
    std::string keys;           ///< path
    bool follow = false;        ///< see Conversation
    bool start_server = false;  ///< with nobody listening, start a server (ServerStart)
  };

  /// `outbox` must outlive the link. Starts the thread.
  Link(Settings settings, Outbox& outbox);

  /// Ends the thread, without waiting for answers.
  ~Link();

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Inbox& inbox() { return inbox_; }
  Requests& requests() { return requests_; }

 private:
  void run();
  UniqueFd connect();
  UniqueFd connect_once();
  Channel open_channel();
  void go_offline(const std::string& why);
  void pause();

  Settings settings_;
  Requests requests_;
  Inbox inbox_{requests_.wake()};
  Conversation conversation_;
  ServerStart server_start_;
  std::size_t key_ = 0;           ///< of the key file's lines: the one that is tried
  std::size_t keys_ = 0;          ///< how many there are
  std::optional<ClientTls> tls_;  ///< outlives the channel of the conversation under way
  bool may_start_;        ///< a server: at first, and when the one that was started here has gone without a word
  bool started_ = false;  ///< a server was started here
  bool offline_said_ = false;
  int failures_ = 0;    ///< to connect, one after another
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace md2
