#include "server/listeners.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/error.h"

namespace md2 {
namespace {

std::vector<UniqueFd> listen_somewhere(const Address& address, Listeners::Port port) {
  try {
    return listen_on(address);
  } catch (const Error&) {
    if (port == Listeners::Port::as_asked) throw;
  }
  return listen_on({address.host, "0"});
}

}  // namespace

Listeners::Listeners(const Address& address, Port port) : asked_(address), sockets_(listen_somewhere(address, port)) {}

Listeners::Listeners(std::vector<UniqueFd> passed)
    : asked_(bound_address(passed.front().get())), sockets_(std::move(passed)) {}

std::string Listeners::shown() const {
  return sockets_.size() == 1 ? first() : to_string({asked_.host, bound_address(sockets_.front().get()).port});
}

std::string Listeners::first() const {
  return to_string(bound_address(sockets_.front().get()));
}

void Listeners::want(Loop& loop) const {
  for (const UniqueFd& socket : sockets_) loop.want(socket.get(), true, false);
}

bool Listeners::ready(const Loop& loop) const {
  return std::any_of(sockets_.begin(), sockets_.end(),
                     [&](const UniqueFd& socket) { return loop.readable(socket.get()); });
}

UniqueFd Listeners::accept() {
  UniqueFd client;
  errno = EAGAIN;
  for (std::size_t tried = 0; tried < sockets_.size() && !client && errno == EAGAIN; ++tried) {
    next_ = (next_ + 1) % sockets_.size();
    client.reset(accept4(sockets_[next_].get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  }
  return client;
}

}  // namespace md2
