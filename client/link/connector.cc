#include "client/link/connector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto time_of_one_address = 250ms;  ///< before the next one is tried, too: RFC 8305, 5
constexpr auto least_time = 1s;              ///< that a connection has, also when the name took all of it

std::string beginning(const Address& server) {
  return tr("cannot connect to {}: ", to_string(server));
}

std::string no_answer(Clock::Steady begin, Clock::Steady end) {
  return tr("no answer within {} s", std::chrono::round<std::chrono::seconds>(end - begin).count());
}

std::string reason_of(int error) {
  return errno_text(error);
}

}  // namespace

/// At one address.
struct Connector::Attempt {
  UniqueFd socket;
  std::string address;
  Time began;
};

void Connector::begin_pass() {
  failures_.clear();
}

UniqueFd Connector::connect(const Address& server, Time limit) {
  begin_ = exchange_.now();
  found_ = find(server, limit);
  if (found_.empty()) return {};
  begin_ = exchange_.now();
  UniqueFd socket = race(server, std::max(limit, begin_ + least_time));
  if (!socket) return {};
  set_connection_options(socket.get());
  expect_quick_reader(socket.get());
  return socket;
}

bool Connector::has_failed(const std::string& address) const {
  return std::any_of(failures_.begin(), failures_.end(), [&](const Failure& one) { return one.address == address; });
}

bool Connector::another(const std::string& why) {
  wrong_.insert(current_);
  if (!has_failed(current_)) failures_.push_back({current_, why});
  return others() > 0;
}

std::size_t Connector::others() const {
  return static_cast<std::size_t>(std::count_if(found_.begin(), found_.end(), [this](const SocketAddress& one) {
    return to_string(one) != current_ && !has_failed(to_string(one));
  }));
}

bool Connector::differ() const {
  return std::any_of(failures_.begin(), failures_.end(),
                     [this](const Failure& one) { return one.why != failures_.front().why; });
}

/// Where all failed alike, the name is enough.
std::string Connector::account(const Address& server) const {
  const std::string what = beginning(server);
  if (failures_.empty()) return what + tr("it has no address any more");
  if (!differ()) return what + failures_.front().why;
  std::vector<std::string> all;
  all.reserve(failures_.size());
  for (const Failure& one : failures_) all.push_back(fmt::format("{}: {}", one.address, one.why));
  return what + fmt::format("{}", fmt::join(all, tr("; ")));
}

/// Nothing when the link is to end.
std::vector<SocketAddress> Connector::find(const Address& server, Time limit) {
  const std::string what = tr("cannot connect to {}", to_string(server));
  if (is_numeric(server)) return look_up(server, what);
  resolver_.ask(server);
  for (;;) {
    if (exchange_.stopping()) return {};
    if (auto found = resolver_.take()) return *std::move(found);
    const Time now = exchange_.now();
    if (now >= limit) {
      const auto seconds = std::chrono::round<std::chrono::seconds>(now - begin_).count();
      throw Error(tr("{}: no answer from DNS within {} s", what, seconds));
    }
    if (const auto late = late_at(patience_.name); late && now >= *late)
      tell_late(tr("{}: no answer from DNS yet", what));
    exchange_.wait_for(resolver_.fd(), POLLIN, earlier(late_at(patience_.name), limit));
  }
}

/// Those of this pass: IPv6 and IPv4 in turn, as the system prefers them; where something else answered, last.
std::vector<SocketAddress> Connector::in_order() const {
  std::vector<SocketAddress> first;
  std::vector<SocketAddress> other;
  for (const SocketAddress& one : found_) (one.family() == found_.front().family() ? first : other).push_back(one);
  std::vector<SocketAddress> order;
  order.reserve(found_.size());
  for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < other.size()) order.push_back(other[i]);
  }
  std::erase_if(order, [this](const SocketAddress& one) { return has_failed(to_string(one)); });
  std::stable_partition(order.begin(), order.end(),
                        [this](const SocketAddress& one) { return !wrong_.contains(to_string(one)); });
  return order;
}

UniqueFd Connector::race(const Address& server, Time limit) {
  const std::vector<SocketAddress> addresses = in_order();
  std::vector<Attempt> attempts;
  std::size_t next = 0;
  for (Time now = begin_, next_at = begin_;; now = exchange_.now()) {
    for (; next < addresses.size() && (attempts.empty() || now >= next_at); next_at = now + time_of_one_address)
      start(addresses[next++], attempts);
    if (attempts.empty()) throw Error(account(server));
    std::vector<pollfd> watched;
    watched.reserve(attempts.size() + 1);
    for (const Attempt& attempt : attempts) watched.push_back({attempt.socket.get(), POLLOUT, 0});
    auto until = earlier(late_at(patience_.connection), limit);
    if (next < addresses.size()) until = earlier(until, next_at);
    exchange_.wait_for(watched, until);
    if (exchange_.stopping()) return {};
    for (std::size_t i = 0, known = 0; i < watched.size(); ++i) {
      Attempt& attempt = attempts[i - known];
      if (watched[i].revents == 0) continue;
      const int error = connect_error(attempt.socket.get());
      if (error == 0) {
        current_ = attempt.address;
        return std::move(attempt.socket);
      }
      failures_.push_back({attempt.address, reason_of(error)});
      attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(i - known++));
    }
    now = exchange_.now();
    if (now >= limit) {
      for (const Attempt& attempt : attempts) failures_.push_back({attempt.address, no_answer(attempt.began, now)});
      throw Error(account(server));
    }
    if (const auto late = late_at(patience_.connection); late && now >= *late)
      tell_late((failures_.empty() ? beginning(server) : account(server) + tr("; the others: ")) + tr("no answer yet"));
  }
}

/// Begins to connect to an address. What can't even begin has failed.
void Connector::start(const SocketAddress& address, std::vector<Attempt>& attempts) {
  std::string name = to_string(address);
  try {
    attempts.push_back({start_connect(address), name, exchange_.now()});
  } catch (const Error& error) {
    const std::string said = error.what();
    const std::string what = tr("cannot connect to {}: ", name);
    failures_.push_back({std::move(name), said.starts_with(what) ? said.substr(what.size()) : said});
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
