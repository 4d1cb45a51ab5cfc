#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/net/channel.h"
#include "common/net/message.h"
#include "common/os/unique_fd.h"
#include "tests/support/server.h"

namespace md2::test {

/// A client that speaks the wire protocol and does what no good client would. Nothing blocks but the calls that say so.
class Wire {
 public:
  enum class Greeting { read, leave };

  /// Connects; with Greeting::read, takes the greeting as well.
  explicit Wire(Server& server, Greeting greeting = Greeting::read) : Wire(server, server.tls(), greeting) {}

  /// The same with another key, which must outlive it.
  Wire(Server& server, ClientTls& tls, Greeting greeting = Greeting::read);
  Wire(Wire&&) noexcept = default;

  const Message& greeting() const { return greeting_; }

  /// Puts it into the channel and sends what the socket takes; the rest goes out while anything is awaited.
  void send(Verb verb, std::uint64_t number = 0, std::string_view text = {});
  void send_raw(std::string_view bytes);

  /// The next message. Throws Failure when the deadline passes or the connection ends first.
  Message next();
  /// The next message, which must have this verb.
  Message expect(Verb verb);
  /// Waits until the server has closed the connection. Whatever comes before is left for take().
  void expect_end();

  /// A message that has come already.
  std::optional<Message> take();

  /// Moves bytes in both directions as far as that goes without waiting.
  void step();

  bool ended() const { return ended_; }
  bool wants_write() { return !channel_.outgoing().empty(); }
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  Channel channel_;
  MessageReader reader_{Side::server};
  std::deque<Message> messages_;
  Message greeting_;
  bool ended_ = false;
};

/// Moves the bytes of all of them until the predicate holds. Throws Failure when the deadline passes first or nothing
/// can come any more.
void wait_until(std::span<Wire> wires, const std::function<bool()>& holds, std::string_view what);

}  // namespace md2::test
