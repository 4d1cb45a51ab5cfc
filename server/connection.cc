#include "server/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/net/socket.h"
#include "common/os/language.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto handshake_time = 10s;   ///< from the first to the last byte of it, however they trickle
constexpr auto leaving_time = 2s;      ///< for a client to take its last words
constexpr auto parting_pause = 250ms;  ///< the same, for a part of them, when the server ends

/// In one turn from one client: 64 KiB take five. What comes in crumbs is to cost others no more than that.
constexpr std::size_t received_records = 16;

constexpr int most_received_at_the_end = 16;                  ///< times 64 KiB
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

void Connection::receive(std::size_t bytes) {
  std::string said;
  if (!stream_.receive(said, received_records, bytes)) return;
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
    session_.greet(only_writes(channel.identity()) ? Rights::write : Rights::all);
  }
  if (!said.empty()) session_.receive(said);
  if (state == Channel::State::closed) session_.end_input();
  if (state == Channel::State::truncated)
    drop(phase_ == Phase::opening ? tr("it left before the handshake was done") : "");
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
  if (!limit_) deadline_ = Loop::Clock::now() + leaving_time;
}

void Connection::leave(std::string_view reason) {
  if (phase_ == Phase::opening) {
    drop("");
  } else if (phase_ == Phase::serving) {
    session_.say_bye(reason);
    deadline_ = Loop::Clock::now() + leaving_time;
  }
}

void Connection::part(std::string_view reason, Loop::Clock::time_point limit) {
  leave(reason);
  limit_ = limit;
  untaken_ = untaken();
  deadline_ = std::min(limit, Loop::Clock::now() + parting_pause);
}

/// What is still to be sent, and what the client's system has not taken of what was.
std::size_t Connection::untaken() {
  return stream_.unsent() + unacknowledged(stream_.socket());
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
  if (limit_) {
    const auto now = Loop::Clock::now();
    const std::size_t before = std::exchange(untaken_, untaken());
    deadline_ = std::min(*limit_, now + parting_pause);
    if (untaken_ < before && now < *limit_) return;
    // close(2) with input that nobody has read would take back what the client has not read.
    std::string unheard;
    for (int i = 0; i < most_received_at_the_end && stream_.receive(unheard); ++i) unheard.clear();
  }
  drop(phase_ == Phase::opening ? tr("its handshake took more than 10 s") : "");
}

void Connection::send() {
  for (std::size_t sent = 0; phase_ == Phase::serving && sent < send_slice; sent += produce_slice) {
    if (!flush()) return;
    std::string said;
    session_.produce(said, produce_slice);
    const std::size_t before = stream_.unsent();
    if (!said.empty()) stream_.write(said);
    untaken_ += stream_.unsent() - before;
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
