#include "tests/support/deadline.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "common/os/error.h"

namespace md2::test {

bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
  return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
  return false;
#endif
}

std::chrono::milliseconds patience() {
  if (const char* const seconds = std::getenv("MD2_TEST_DEADLINE")) return std::chrono::seconds(std::atoi(seconds));
  return std::chrono::seconds(sanitized() ? 120 : 30);
}

int Deadline::left() const {
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(rest.count(), 0));
}

bool wait_readable(int fd, const Deadline& deadline) {
  for (;;) {
    pollfd item{fd, POLLIN, 0};
    const int ready = poll(&item, 1, deadline.left());
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) throw_errno("cannot poll");
  }
}

}  // namespace md2::test
