#include "tests/fault/proxy.h"
#include "tests/support/sockets.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <vector>

namespace md2::test {
namespace {

/// The far side of a pair is written to without a poll: what a test sends fits into the socket's buffer.
UniqueFd blocking(UniqueFd fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
  return fd;
}

UniqueFd connect_to(const Address& server) {
  UniqueFd fd = start_connect_to(server);
  pollfd item{fd.get(), POLLOUT, 0};
  poll(&item, 1, -1);  // on loopback it succeeds or fails at once
  return blocking(std::move(fd));
}

}  // namespace

Proxy::Proxy(const Address& server, Plan plan)
    : Proxy([plan, first = true]() mutable { return std::exchange(first, false) ? plan : Plan{}; }, server) {}

Proxy::Proxy(std::function<Plan()> next_plan, const Address& server)
    : server_(server), next_plan_(std::move(next_plan)), listener_(listen_on_loopback()), thread_([this] { run(); }) {}

Proxy::~Proxy() {
  ending_ = true;
  wake_.wake();
  thread_.join();
}

void Proxy::release() {
  released_ = true;
  wake_.wake();
}

void Proxy::let_pass() {
  passing_ = true;
  wake_.wake();
}

void Proxy::run() {
  std::list<Pair> pairs;
  bool first = true;
  while (!ending_) {
    std::vector<pollfd> items{{wake_.fd(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Pair& pair : pairs) {
      for (const UniqueFd& end : pair.ends) items.push_back({pair.stalled ? -1 : end.get(), POLLIN, 0});
    }
    if (poll(items.data(), items.size(), -1) < 0 && errno != EINTR) return;
    if (items[0].revents != 0) wake_.drain();
    auto item = items.begin() + 2;
    for (Pair& pair : pairs) {
      for (int from = 0; from < 2; ++from) {
        if ((item++)->revents != 0) pass(pair, from);
      }
      if (pair.stalled && passing_) {
        pair.stalled = false;
        pair.plan = {};
      }
      if (pair.stalled && released_) strike(pair);
    }
    if (items[1].revents != 0) {
      UniqueFd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client) continue;
      Pair& pair =
          pairs.emplace_back(Pair{{std::move(client), connect_to(server_)}, next_plan_(), std::exchange(first, false)});
      if (pair.plan.up == 0 || pair.plan.down == 0) {
        struck_ = true;
        pair.plan.fault == Fault::stall ? void(pair.stalled = true) : strike(pair);
      }
    }
    std::erase_if(pairs, [](const Pair& pair) { return !pair.ends[0]; });
  }
}

/// Passes on what has come, up to the byte at which the fault strikes.
void Proxy::pass(Pair& pair, int from) {
  if (!pair.ends[0] || !pair.ends[1]) return;  // struck in this turn
  const auto side = static_cast<std::size_t>(from);
  const std::size_t limit = from == 0 ? pair.plan.up : pair.plan.down;
  std::array<char, 65536> bytes;
  const std::size_t room = std::min(bytes.size(), limit - std::min(limit, pair.passed[side]));
  const ssize_t count = recv(pair.ends[side].get(), bytes.data(), room, 0);
  if (count > 0) {
    pair.passed[side] += static_cast<std::size_t>(count);
    if (pair.first) passed_[side] = pair.passed[side];
    bool strikes = pair.passed[side] == limit;
    if (strikes && pair.plan.fault == Fault::flip) {
      bytes[static_cast<std::size_t>(count) - 1] ^= 1;
      pair.plan = {};
      struck_ = true;
      strikes = false;
    }
    const ssize_t sent = ::send(pair.ends[1 - side].get(), bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    if (sent == count && !strikes) return;
    if (sent == count) {
      struck_ = true;
      if (pair.plan.fault == Fault::stall) {
        pair.stalled = true;
        return;
      }
      return strike(pair);
    }
  }
  for (UniqueFd& end : pair.ends) end.reset();
}

void Proxy::strike(Pair& pair) {
  for (UniqueFd& end : pair.ends) {
    if (pair.plan.fault == Fault::reset) {
      const linger at_once{1, 0};
      setsockopt(end.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    end.reset();
  }
}

}  // namespace md2::test
