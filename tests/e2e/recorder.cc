#include "tests/e2e/recorder.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "common/os/error.h"
#include "tests/support/sockets.h"

namespace md2::test {
namespace {

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Recorder::Recorder(Address server)
    : server_(std::move(server)), listener_(listen_on_loopback()), thread_([this] { run(); }) {}

Recorder::~Recorder() {
  stop();
}

const std::string& Recorder::stop() {
  stop_.wake();
  if (thread_.joinable()) thread_.join();
  return recording_;
}

void Recorder::run() {
  for (;;) {
    std::vector<pollfd> items{{stop_.fd(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      items.push_back({pair.client.get(), POLLIN, 0});
      items.push_back({pair.server.get(), POLLIN, 0});
    }
    if (poll(items.data(), items.size(), -1) < 0 && errno != EINTR) return;
    if (items[0].revents != 0) return pairs_.clear();
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      Pair& pair = pairs_[i];
      const bool goes_on = (items[2 + 2 * i].revents == 0 || pass(pair.client.get(), pair.server.get())) &&
                           (items[3 + 2 * i].revents == 0 || pass(pair.server.get(), pair.client.get()));
      if (!goes_on) pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (items[1].revents != 0) accept();
  }
}

/// From here on the thread waits in each call: both ends are on this machine, and what they say is little.
void Recorder::accept() {
  Pair pair;
  pair.client.reset(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!pair.client) return;
  ++connections_;
  try {
    pair.server = start_connect_to(server_);
  } catch (const Error&) {
    return;
  }
  fcntl(pair.server.get(), F_SETFL, 0);
  pairs_.push_back(std::move(pair));
}

/// False when the connection is over.
bool Recorder::pass(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(from, buffer.data(), buffer.size(), 0);
  if (count <= 0) return count < 0 && errno == EINTR;
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  recording_ += bytes;
  return send_all(to, bytes);
}

}  // namespace md2::test
