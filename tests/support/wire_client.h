#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/net/message.h"
#include "common/net/stream.h"
#include "tests/support/server_program.h"

namespace md2::test {

/// A client that speaks the wire protocol and does what no good client would. Nothing blocks but the calls that say so.
/// Take it to see what the server answers to a message; what md2client makes of it is seen with ServedDiary.
class WireClient {
 public:
  enum class Greeting { read, leave };

  /// Connects; with Greeting::read, takes the greeting as well.
  explicit WireClient(ServerProgram& server, Greeting greeting = Greeting::read)
      : WireClient(server, server.tls(), greeting) {}

  /// The same with another key, which must outlive it.
  WireClient(ServerProgram& server, ClientTlsContext& tls, Greeting greeting = Greeting::read);
  WireClient(WireClient&&) noexcept = default;

  const Message& greeting() const { return greeting_; }

  /// Puts it into the channel and sends what the socket takes; the rest goes out while anything is awaited.
  void send(Verb verb, std::uint64_t number = 0, std::string_view text = {});
  void send_raw(std::string_view bytes);

  /// The next message. Throws Failure when the deadline passes or the connection ends first.
  Message next();
  /// The next message, which must have this verb. Before `saved` a server that takes its time says every 2 s that it
  /// looks (`found 0`): that is passed over.
  Message expect(Verb verb);
  /// Waits until the server has closed the connection. Whatever comes before is left for take().
  void expect_end();

  /// A message that has come already.
  std::optional<Message> take();

  /// Moves bytes in both directions as far as that goes without waiting.
  void step();

  bool ended() const { return !stream_; }
  bool wants_write() { return stream_->unsent() > 0; }
  int fd() const { return stream_->socket(); }

 private:
  std::optional<Stream> stream_;  ///< nothing when the connection has ended
  MessageReader reader_{Role::server};
  std::deque<Message> messages_;
  Message greeting_;
};

/// Moves the bytes of all of them until the predicate holds. Throws Failure when the deadline passes first or nothing
/// can come any more.
void wait_until(std::span<WireClient> wires, const std::function<bool()>& holds, std::string_view what);

}  // namespace md2::test
