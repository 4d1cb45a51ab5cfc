#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>

#include "client/link/conversation.h"
#include "client/link/exchange.h"
#include "client/link/key_choice.h"
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
  bool replaced();
  Ending connect_and_talk();
  UniqueFd connect();
  UniqueFd connect_once();
  Channel open_channel();
  void talk(Stream stream);
  void keep_key();
  void receive(Stream& stream);
  void tell_of_outbox(Outbox::Look where);

  Address server_;
  bool local_;  ///< the diary of this user on this machine, which needs nothing set up
  KeyChoice keys_;
  Outbox& outbox_;
  Exchange exchange_;
  Conversation conversation_;
  Reconnector reconnector_;
  bool may_start_;           ///< a server: at first, and when the one that was started here has gone without a word
  bool may_replace_ = true;  ///< an old server, by one that is started here
  bool started_ = false;     ///< a server was started here
  bool key_kept_ = false;    ///< or it could not be kept
  std::optional<ClientTlsContext> tls_;  ///< outlives the channel of the conversation under way
  std::thread thread_;                   ///< last: it uses all of the above
};

}  // namespace md2
