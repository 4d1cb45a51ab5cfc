#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "client/link/inbox.h"
#include "client/link/requests.h"
#include "client/link/sender.h"
#include "client/outbox/outbox.h"
#include "common/net/channel.h"
#include "common/net/message.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// What is said over one connection after the other: it sends what outbox and main thread hold, hands over what comes,
/// and remembers between connections how far the diary was received. Lives in the link thread.
class Conversation {
 public:
  /// How a connection ended.
  struct End {
    std::string why;       ///< for a person
    bool greeted = false;  ///< the server was there: trying again at once makes sense
    bool said_bye = false;
    bool hopeless = false;     ///< it would end in the same way again
    bool key_refused = false;  ///< with another key it might not
    bool silent = false;       ///< it took the connection and never greeted
  };

  /// All are borrowed. `follow`: ask for the diary from its beginning, then for every new entry.
  Conversation(Outbox& outbox, Inbox& inbox, Requests& requests, bool follow);

  /// Talks over a connected socket until either side ends it.
  End talk(UniqueFd socket, Channel channel);

 private:
  using Clock = std::chrono::steady_clock;

  void send();
  void flush();
  void receive();
  void handle(Message message);
  void greeted(const Message& greeting);
  void retry_failed();
  void push(Event::Kind kind, Message message = {});
  void end(std::string why, bool hopeless = false);
  bool over() const { return end_.has_value(); }

  Outbox& outbox_;
  Inbox& inbox_;
  Requests& requests_;
  bool follow_;
  Sender sender_;
  std::uint64_t cursor_ = 0;  ///< of the diary everything before it was received
  bool drained_said_ = false;

  // Of the connection under way:
  UniqueFd socket_;
  std::optional<Channel> channel_;
  std::optional<MessageReader> reader_;
  bool greeted_ = false;
  bool said_bye_ = false;
  std::optional<Clock::time_point> retry_at_;  ///< entries that the server could not save are sent again then
  std::optional<End> end_;
};

}  // namespace md2
