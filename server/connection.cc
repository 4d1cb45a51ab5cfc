#include "server/connection.h"

#include <fmt/format.h>

#include <utility>

#include "common/net/socket.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto handshake_time = 10s;  ///< from the first to the last byte of it, however they trickle
constexpr auto leaving_time = 2s;     ///< for a client to take its last words

/// In one turn from one client: 64 KiB take five. What comes in crumbs is to cost others no more than that.
constexpr std::size_t received_records = 16;

constexpr std::size_t produce_slice = std::size_t{64} << 10;  ///< bytes made before the socket is asked to take them
constexpr std::size_t send_slice = std::size_t{512} << 10;    ///< bytes to one client in one turn

}  // namespace

Connection::Connection(UniqueFd socket, Channel channel, Session session, Hellos& hellos)
    : peer_(peer_name(socket.get())),
      stream_(std::move(socket), std::move(channel)),
      session_(std::move(session)),
      since_(Loop::Clock::now()),
      deadline_(since_ + handshake_time),
      hellos_(hellos) {}

void Connection::receive() {
  std::string said;
  if (!stream_.receive(said, received_records)) return;
  if (phase_ == Phase::leaving) {
    if (stream_.ended()) phase_ = Phase::finished;
    return;
  }
  const Channel& channel = stream_.channel();
  take_hello();
  const Channel::State state = channel.state();
  const bool opened = state == Channel::State::open || state == Channel::State::closed;
  if (phase_ == Phase::opening && opened) {
    phase_ = Phase::serving;
    deadline_.reset();
    session_.greet();
  }
  if (!said.empty()) session_.receive(said);
  if (state == Channel::State::closed) session_.end_input();
  if (state == Channel::State::truncated) drop(phase_ == Phase::opening ? "it left before the handshake was done" : "");
  if (state != Channel::State::failed) return;
  fault_ = channel.fault();
  if (channel.fault_kind() == Channel::Fault::not_tls) return drop("");
  begin_leaving();  // the alert goes out
}

/// What the server has to say shows that the hello came, and that a key of ours has signed it unless that is an alert.
void Connection::take_hello() {
  if (answered_ || stream_.unsent() == 0 || stream_.channel().state() == Channel::State::failed) return;
  answered_ = true;
  unproved_ = !hellos_.take(stream_.channel().hello());
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

void Connection::turn_away(std::string_view reason) {
  if (phase_ != Phase::serving) return drop(reason);
  if (fault_.empty()) fault_ = reason;
  session_.turn_away(std::string(reason));
  deadline_ = Loop::Clock::now() + leaving_time;
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
    if (!said.empty()) stream_.write(said);
    if (session_.ended()) {
      stream_.channel().close();
      begin_leaving();
    } else if (said.empty()) {
      break;
    }
  }
  if (flush() && phase_ == Phase::leaving) stream_.finish_sending();
}

/// True when nothing is left to send.
bool Connection::flush() {
  if (!stream_.flush()) drop("");  // it has gone; its requests were handled, its answers have nowhere to go
  return phase_ != Phase::finished && stream_.unsent() == 0;
}

void Connection::want(Loop& loop) {
  loop.want(stream_.socket(), takes_input(), stream_.unsent() > 0);
}

bool Connection::takes_input() const {
  return phase_ == Phase::serving ? session_.wants_input() && !channel().congested() : phase_ != Phase::finished;
}

bool Connection::has_input() const {
  return stream_.has_more() && takes_input();
}

bool Connection::busy() {
  return has_input() || (phase_ == Phase::serving && session_.busy() && stream_.unsent() == 0);
}

std::string Connection::name() const {
  return channel().identity().empty() ? peer_ : fmt::format("{} ({})", peer_, channel().identity());
}

}  // namespace md2
