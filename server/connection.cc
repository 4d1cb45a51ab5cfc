#include "server/connection.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/net/socket.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto handshake_time = 10s;  ///< from the first to the last byte of it, however they trickle
constexpr auto leaving_time = 2s;     ///< for a client to take its last words

constexpr std::size_t receive_slice = std::size_t{64} << 10;  ///< bytes from one client in one turn
constexpr std::size_t produce_slice = std::size_t{64} << 10;  ///< bytes made before the socket is asked to take them
constexpr std::size_t send_slice = std::size_t{512} << 10;    ///< bytes to one client in one turn

}  // namespace

Connection::Connection(UniqueFd socket, Channel channel, Session session)
    : socket_(std::move(socket)),
      peer_(peer_name(socket_.get())),
      channel_(std::move(channel)),
      session_(std::move(session)),
      since_(Loop::Clock::now()),
      deadline_(since_ + handshake_time) {
  pass_on();
}

void Connection::receive() {
  static std::array<char, receive_slice> buffer;
  const ssize_t count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (phase_ == Phase::leaving) {
    if (count <= 0) phase_ = Phase::finished;
    return;
  }
  if (count > 0) {
    channel_.receive({buffer.data(), static_cast<std::size_t>(count)});
  } else {
    channel_.receive_end();
  }
  unproved_ = unproved_ && channel_.outgoing().empty();
  pass_on();
}

/// Hands what the channel has to the session, and looks at what became of the channel.
void Connection::pass_on() {
  std::string said;
  while (channel_.read(said, receive_slice)) {
  }
  if (phase_ == Phase::opening && channel_.state() != Channel::State::handshaking) {
    if (channel_.state() != Channel::State::failed && channel_.state() != Channel::State::truncated) {
      phase_ = Phase::serving;
      deadline_.reset();
      session_.greet();
    }
  }
  if (!said.empty()) session_.receive(said);
  switch (channel_.state()) {
    case Channel::State::handshaking:
    case Channel::State::open:
      break;
    case Channel::State::closed:
      session_.end_input();
      break;
    case Channel::State::truncated:
      drop(phase_ == Phase::opening ? "it left before the handshake was done" : "");
      break;
    case Channel::State::failed:
      fault_ = channel_.fault();
      if (channel_.fault_kind() == Channel::Fault::not_tls) {
        drop("");
      } else {
        begin_leaving();  // the alert goes out
      }
      break;
  }
}

void Connection::begin_leaving() {
  if (phase_ == Phase::leaving || phase_ == Phase::finished) return;
  phase_ = Phase::leaving;
  deadline_ = Loop::Clock::now() + leaving_time;
}

void Connection::leave(std::string_view reason) {
  if (phase_ == Phase::opening) {
    drop("");
  } else if (phase_ == Phase::serving) {
    session_.say_bye(reason);
    deadline_ = Loop::Clock::now() + leaving_time;
  }
}

void Connection::drop(std::string_view reason) {
  if (fault_.empty()) fault_ = reason;
  phase_ = Phase::finished;
}

void Connection::expire() {
  drop(phase_ == Phase::opening ? "its handshake took more than 10 s" : "");
}

void Connection::send() {
  for (std::size_t sent = 0; phase_ == Phase::serving && sent < send_slice; sent += produce_slice) {
    if (!flush()) return;
    std::string said;
    session_.produce(said, produce_slice);
    if (!said.empty()) channel_.write(said);
    if (session_.ended()) {
      channel_.close();
      begin_leaving();
    } else if (said.empty()) {
      break;
    }
  }
  if (!flush() || phase_ != Phase::leaving || shut_) return;
  // close(2) with unread bytes in the socket would reset the connection and take back what the client has not read yet.
  shutdown(socket_.get(), SHUT_WR);
  shut_ = true;
}

/// True when nothing is left to send.
bool Connection::flush() {
  for (;;) {
    const std::string_view bytes = channel_.outgoing();
    if (bytes.empty()) return true;
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      channel_.sent(static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return false;
    drop("");  // it has gone; its requests were handled, its answers have nowhere to go
    return false;
  }
}

void Connection::want(Loop& loop) {
  const std::size_t unsent = channel_.outgoing().size();
  const bool takes_input =
      phase_ == Phase::serving ? session_.wants_input() && !channel_.congested() : phase_ != Phase::finished;
  loop.want(socket_.get(), takes_input, unsent > 0);
}

bool Connection::busy() {
  return phase_ == Phase::serving && session_.busy() && channel_.outgoing().empty();
}

std::string Connection::name() const {
  return channel_.identity().empty() ? peer_ : fmt::format("{} ({})", peer_, channel_.identity());
}

}  // namespace md2
