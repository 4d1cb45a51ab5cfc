#include "client/link/connector.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "common/os/error.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 10s;           ///< for a name, and then for a connection
constexpr auto time_of_one_address = 250ms;  ///< before the next one is tried, too: RFC 8305, 5

Clock::Steady steady_now() {
  return real_clock().steady();
}

/// An attempt at one address.
struct Attempt {
  UniqueFd socket;
  std::string address;
};

/// The earlier of the two.
std::optional<Clock::Steady> earlier(std::optional<Clock::Steady> one, std::optional<Clock::Steady> other) {
  return !one || (other && *other < *one) ? other : one;
}

}  // namespace

UniqueFd Connector::connect(const Address& server) {
  begin_ = steady_now();
  found_ = find(server);
  if (found_.empty()) return {};
  begin_ = steady_now();
  UniqueFd socket = race(in_order(found_), to_string(server));
  if (!socket) return {};
  set_connection_options(socket.get());
  expect_quick_reader(socket.get());
  return socket;
}

bool Connector::another() {
  wrong_.insert(current_);
  const bool left = std::any_of(found_.begin(), found_.end(),
                                [this](const SocketAddress& one) { return !wrong_.contains(to_string(one)); });
  if (!left) wrong_.clear();
  return left;
}

/// Nothing when the link is to end.
std::vector<SocketAddress> Connector::find(const Address& server) {
  const std::string what = fmt::format("cannot connect to {}", to_string(server));
  if (is_numeric(server)) return look_up(server, what);
  resolver_.ask(server);
  for (;;) {
    if (auto found = resolver_.take()) return *std::move(found);
    if (exchange_.stopping()) return {};
    if (steady_now() >= begin_ + longest_wait) throw Error(what + ": no answer from DNS within 10 s");
    if (const auto late = late_at(patience_.name); late && steady_now() >= *late)
      tell_late(what + ": no answer from DNS yet");
    exchange_.wait_for(resolver_.fd(), POLLIN, earlier(late_at(patience_.name), begin_ + longest_wait));
  }
}

/// IPv6 and IPv4 in turn, as the system prefers them; where something else answered, last.
std::vector<SocketAddress> Connector::in_order(const std::vector<SocketAddress>& found) const {
  std::vector<SocketAddress> first;
  std::vector<SocketAddress> other;
  for (const SocketAddress& one : found) (one.family() == found.front().family() ? first : other).push_back(one);
  std::vector<SocketAddress> order;
  order.reserve(found.size());
  for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < other.size()) order.push_back(other[i]);
  }
  std::stable_partition(order.begin(), order.end(),
                        [this](const SocketAddress& one) { return !wrong_.contains(to_string(one)); });
  return order;
}

UniqueFd Connector::race(const std::vector<SocketAddress>& addresses, const std::string& server) {
  const std::string what = fmt::format("cannot connect to {}", server);
  std::string fault;
  std::vector<Attempt> attempts;
  std::size_t next = 0;
  for (Clock::Steady next_at = begin_;;) {
    while (next < addresses.size() && (attempts.empty() || steady_now() >= next_at)) {
      const SocketAddress& address = addresses[next++];
      next_at = steady_now() + time_of_one_address;
      try {
        attempts.push_back({start_connect(address), to_string(address)});
      } catch (const Error& error) {
        fault = error.what();
      }
    }
    if (attempts.empty()) throw Error(fault);
    std::vector<pollfd> watched;
    watched.reserve(attempts.size() + 1);
    for (const Attempt& attempt : attempts) watched.push_back({attempt.socket.get(), POLLOUT, 0});
    auto until = earlier(late_at(patience_.connection), begin_ + longest_wait);
    if (next < addresses.size()) until = earlier(until, next_at);
    exchange_.wait_for(watched, until);
    if (exchange_.stopping()) return {};
    for (std::size_t i = attempts.size(); i-- > 0;) {
      if (watched[i].revents == 0) continue;
      const int error = connect_error(attempts[i].socket.get());
      if (error == 0) {
        current_ = attempts[i].address;
        return std::move(attempts[i].socket);
      }
      errno = error;
      fault = with_errno(what);
      attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (steady_now() >= begin_ + longest_wait) throw Error(what + ": no answer within 10 s");
    if (const auto late = late_at(patience_.connection); late && steady_now() >= *late)
      tell_late(what + ": no answer yet");
  }
}

std::optional<Clock::Steady> Connector::late_at(std::chrono::milliseconds patience) const {
  if (told_late_) return std::nullopt;
  return begin_ + patience;
}

void Connector::tell_late(const std::string& what) {
  told_late_ = true;
  exchange_.push({Event::Kind::late, {Verb::error, 0, what}});
}

}  // namespace md2
