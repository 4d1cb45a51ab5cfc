#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>

#include "client/link/connector.h"
#include "client/link/conversation.h"
#include "client/link/exchange.h"
#include "client/link/key_choice.h"
#include "client/link/local_server.h"
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
  /// What a client is there for.
  struct Use {
    bool prompt = false;             ///< somebody sits there, who does not wait for a connection
    bool stays = false;              ///< it tries again when there is no key that fits any more; else the thread ends
    std::optional<Message> start{};  ///< see Conversation
  };

  /// `outbox` must outlive the link. Starts the thread.
  Link(const ClientOptions& options, Use use, Outbox& outbox);

  /// Ends the thread, without waiting for answers.
  ~Link();

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Exchange& exchange() { return exchange_; }

 private:
  void run();
  Reconnector::Decision after(Ending& ending);
  bool another_way(Ending& ending);
  void end_pass(Ending& ending);
  void tell(const Reconnector::Decision& decision, const Ending& ending);
  Ending connect_and_talk();
  Channel open_channel();
  Conversation::Expected expected();
  void talk(Stream stream);
  void keep_key();
  void receive(Stream& stream);
  void tell_of_outbox(Outbox::Look where);

  Address server_;
  bool prompt_;
  bool stays_;  ///< it has time for a key to be put right
  KeyChoice keys_;
  Outbox& outbox_;
  Exchange exchange_;
  Connector connector_;
  std::optional<LocalServer> local_;  ///< when no server was named
  Conversation conversation_;
  Reconnector reconnector_;
  std::optional<Clock::Steady> limit_;   ///< when the user is to know at the latest that there is no way
  std::optional<Ending> first_met_;      ///< of this pass: how it ended where somebody answered
  bool key_kept_ = false;                ///< or it could not be kept
  std::optional<ClientTlsContext> tls_;  ///< outlives the channel of the conversation under way
  std::thread thread_;                   ///< last: it uses all of the above
};

}  // namespace md2
