#include "tests/support/wire_client.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "common/net/socket.h"
#include "common/os/error.h"
#include "tests/support/messages.h"
#include "tests/support/sockets.h"

namespace md2::test {
namespace {

std::string shown(const Message& said) {
  if (said.verb == Verb::greeting) return greeting_message(said.number, said.identity);
  return message(said.verb, said.number, said.text.substr(0, 200));
}

}  // namespace

WireClient::WireClient(ServerProgram& server, ClientTlsContext& tls, Greeting greeting)
    : stream_(Stream(start_connect_to(server.address()), Channel(tls))) {
  set_connection_options(fd());
  pollfd item{fd(), POLLOUT, 0};
  if (poll(&item, 1, Deadline().left()) != 1 || connect_error(fd()) != 0)
    throw Failure("cannot connect to " + server.address_text());
  step();
  if (greeting == Greeting::read) greeting_ = expect(Verb::greeting);
}

void WireClient::send(Verb verb, std::uint64_t number, std::string_view text) {
  send_raw(message(verb, number, text));
}

void WireClient::send_raw(std::string_view bytes) {
  if (stream_) stream_->channel().write(bytes);
  step();
}

void WireClient::step() {
  if (!stream_) return;
  stream_->flush();  // what is broken shows below, once all that came is read
  for (std::string said; stream_->receive(said); said.clear()) {
    reader_.feed(said);
    while (auto message = reader_.next()) messages_.push_back(std::move(*message));
  }
  if (stream_->ended()) stream_.reset();
}

std::optional<Message> WireClient::take() {
  if (messages_.empty()) return std::nullopt;
  Message message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

Message WireClient::next() {
  const auto has_message = [&] { return !messages_.empty(); };
  wait_until({this, 1}, has_message, "a message");
  return *take();
}

Message WireClient::expect(Verb verb) {
  const auto only_looks = [](const Message& said) { return said.verb == Verb::found && said.number == 0; };
  Message message = next();
  while (verb == Verb::saved && only_looks(message)) message = next();
  if (message.verb != verb) {
    Message wanted{verb, 0, {}};
    throw Failure(fmt::format("the server said '{}' where one like '{}' was awaited", shown(message), shown(wanted)));
  }
  return message;
}

void WireClient::expect_end() {
  const auto has_ended = [&] { return ended(); };
  wait_until({this, 1}, has_ended, "the end of the connection");
}

void wait_until(std::span<WireClient> wires, const std::function<bool()>& holds, std::string_view what) {
  const Deadline deadline;
  for (WireClient& wire : wires) wire.step();
  while (!holds()) {
    std::vector<pollfd> items;
    for (WireClient& wire : wires) {
      if (!wire.ended())
        items.push_back({wire.fd(), static_cast<short>(wire.wants_write() ? POLLIN | POLLOUT : POLLIN), 0});
    }
    if (items.empty()) throw Failure(fmt::format("the connection ended before {} came", what));
    const int ready = poll(items.data(), items.size(), deadline.left());
    if (ready < 0 && errno != EINTR) throw_errno("cannot poll");
    if (ready == 0) throw Failure(fmt::format("{} did not come", what));
    std::size_t item = 0;
    for (WireClient& wire : wires) {
      if (!wire.ended() && items[item++].revents != 0) wire.step();
    }
  }
}

}  // namespace md2::test
