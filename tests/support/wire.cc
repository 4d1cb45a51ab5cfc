#include "tests/support/wire.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "common/net/socket.h"
#include "common/os/error.h"

namespace md2::test {
namespace {

std::string shown(const Message& message) {
  std::string bytes;
  append_message(bytes, message.verb, message.number, message.text.substr(0, 200));
  return bytes;
}

}  // namespace

Wire::Wire(Server& server, ClientTls& tls, Greeting greeting) : fd_(start_connect(server.address())), channel_(tls) {
  set_connection_options(fd_.get());
  pollfd item{fd_.get(), POLLOUT, 0};
  if (poll(&item, 1, Deadline().left()) != 1 || connect_error(fd_.get()) != 0)
    throw Failure("cannot connect to " + server.address_text());
  step();
  if (greeting == Greeting::read) greeting_ = expect(Verb::greeting);
}

void Wire::send(Verb verb, std::uint64_t number, std::string_view text) {
  std::string bytes;
  append_message(bytes, verb, number, text);
  send_raw(bytes);
}

void Wire::send_raw(std::string_view bytes) {
  channel_.write(bytes);
  step();
}

void Wire::step() {
  while (!ended_ && !channel_.outgoing().empty()) {
    const std::string_view bytes = channel_.outgoing();
    const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;  // full; or broken, which shows below once all that came is read
    channel_.sent(static_cast<std::size_t>(count));
  }
  std::array<char, 65536> bytes;
  while (!ended_) {
    const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count > 0) channel_.receive({bytes.data(), static_cast<std::size_t>(count)});
    if (count <= 0) {
      channel_.receive_end();
      ended_ = true;
    }
    std::string plain;
    while (channel_.read(plain, bytes.size())) {
    }
    reader_.feed(plain);
    while (auto message = reader_.next()) messages_.push_back(std::move(*message));
  }
  if (ended_) fd_.reset();
}

std::optional<Message> Wire::take() {
  if (messages_.empty()) return std::nullopt;
  Message message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

Message Wire::next() {
  const auto came = [&] { return !messages_.empty(); };
  wait_until({this, 1}, came, "a message");
  return *take();
}

Message Wire::expect(Verb verb) {
  Message message = next();
  if (message.verb != verb) {
    Message wanted{verb, 0, {}};
    throw Failure(fmt::format("the server said '{}' where one like '{}' was awaited", shown(message), shown(wanted)));
  }
  return message;
}

void Wire::expect_end() {
  const auto came = [&] { return ended_; };
  wait_until({this, 1}, came, "the end of the connection");
}

void wait_until(std::span<Wire> wires, const std::function<bool()>& holds, std::string_view what) {
  const Deadline deadline;
  for (Wire& wire : wires) wire.step();
  while (!holds()) {
    std::vector<pollfd> items;
    for (Wire& wire : wires) {
      if (!wire.ended())
        items.push_back({wire.fd(), static_cast<short>(wire.wants_write() ? POLLIN | POLLOUT : POLLIN), 0});
    }
    if (items.empty()) throw Failure(fmt::format("the connection ended before {} came", what));
    const int ready = poll(items.data(), items.size(), deadline.left());
    if (ready < 0 && errno != EINTR) throw_errno("cannot poll");
    if (ready == 0) throw Failure(fmt::format("{} did not come", what));
    std::size_t item = 0;
    for (Wire& wire : wires) {
      if (!wire.ended() && items[item++].revents != 0) wire.step();
    }
  }
}

}  // namespace md2::test
