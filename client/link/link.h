#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>

#include "client/link/conversation.h"
#include "client/link/exchange.h"
#include "client/link/reconnector.h"
#include "client/options.h"
#include "client/outbox/outbox.h"
#include "common/net/socket.h"
#include "common/net/stream.h"
#include "common/net/tls.h"

namespace md2 {

/// The thread that owns socket and channel: it connects, carries bytes and time to the Conversation, and connects again
/// when the Reconnector says so. It calls nothing of readline, and nobody else touches what is its.
class Link {
 public:
  /// `follow`: see Conversation. `outbox` must outlive the link. Starts the thread.
  Link(const ClientOptions& options, bool follow, Outbox& outbox);

  /// Ends the thread, without waiting for answers.
  ~Link();

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Exchange& exchange() { return exchange_; }

 private:
  void run();
  Ending connect_and_talk();
  UniqueFd connect();
  UniqueFd connect_once();
  Channel open_channel();
  void talk(Stream stream);
  void receive(Stream& stream);
  void tell_of_outbox(Outbox::Look where);

  Address server_;
  std::string key_file_;  ///< path
  Outbox& outbox_;
  Exchange exchange_;
  Conversation conversation_;
  Reconnector reconnector_;
  std::size_t key_ = 0;   ///< of the key file's lines: the one that is tried
  std::size_t keys_ = 0;  ///< how many there are
  bool may_start_;        ///< a server: at first, and when the one that was started here has gone without a word
  bool started_ = false;  ///< a server was started here
  std::optional<ClientTlsContext> tls_;  ///< outlives the channel of the conversation under way
  std::thread thread_;                   ///< last: it uses all of the above
};

}  // namespace md2
