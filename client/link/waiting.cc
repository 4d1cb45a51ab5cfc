#include "client/link/waiting.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/os/error.h"

namespace md2 {

Ready wait_for(int fd, short events, const Requests& requests,
               std::optional<std::chrono::steady_clock::time_point> deadline) {
  std::array<pollfd, 2> watched{pollfd{fd, events, 0}, pollfd{requests.wake().fd(), POLLIN, 0}};
  int milliseconds = -1;
  if (deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
    milliseconds = static_cast<int>(std::clamp<long>(left.count(), 0, 1'000'000));
  }
  if (poll(watched.data(), watched.size(), milliseconds) < 0) {
    if (errno == EINTR) return {};
    throw_errno("cannot wait for the server");
  }
  const bool woken = watched[1].revents != 0;
  if (woken) requests.wake().drain();
  return {watched[0].revents, woken};
}

}  // namespace md2
