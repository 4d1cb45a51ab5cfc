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
    : server_(server), plan_(plan), listener_(listen_on_loopback()), thread_([this] { run(); }) {}

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
      if (pair.stalled && passing_) pair.stalled = pair.first = false;
      if (pair.stalled && released_) strike(pair);
    }
    if (items[1].revents != 0) {
      UniqueFd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client) pairs.push_back({{std::move(client), connect_to(server_)}, std::exchange(first, false), false});
      if (pairs.empty()) continue;
      Pair& pair = pairs.back();
      if (pair.first && (plan_.up == 0 || plan_.down == 0)) {
        struck_ = true;
        plan_.fault == Fault::stall ? void(pair.stalled = true) : strike(pair);
      }
    }
    std::erase_if(pairs, [](const Pair& pair) { return !pair.ends[0]; });
  }
}

/// Passes on what has come, up to the byte at which the fault strikes.
void Proxy::pass(Pair& pair, int from) {
  if (!pair.ends[0] || !pair.ends[1]) return;  // struck in this turn
  const auto side = static_cast<std::size_t>(from);
  const std::size_t limit = !pair.first ? never : from == 0 ? plan_.up : plan_.down;
  std::array<char, 65536> bytes;
  const std::size_t room = pair.first ? std::min(bytes.size(), limit - passed_[side]) : bytes.size();
  const ssize_t count = recv(pair.ends[side].get(), bytes.data(), room, 0);
  if (count > 0) {
    if (pair.first) passed_[side] += static_cast<std::size_t>(count);
    if (pair.first && passed_[side] == limit && plan_.fault == Fault::flip) {
      bytes[static_cast<std::size_t>(count) - 1] ^= 1;
      pair.first = false;
      struck_ = true;
    }
    const ssize_t sent = ::send(pair.ends[1 - side].get(), bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    if (sent == count && (!pair.first || passed_[side] < limit)) return;
    if (sent == count) {
      struck_ = true;
      if (plan_.fault == Fault::stall) {
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
    if (plan_.fault == Fault::reset) {
      const linger at_once{1, 0};
      setsockopt(end.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    end.reset();
  }
}

}  // namespace md2::test
