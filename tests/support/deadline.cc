#include "tests/support/deadline.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "common/os/error.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"

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

std::string wait_for_file(const std::string& path, const std::function<bool(const std::string&)>& holds) {
  const UniqueFd watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string folder = folder_of(path);
  if (!watch || inotify_add_watch(watch.get(), folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE) < 0)
    throw_errno(fmt::format("cannot watch '{}'", folder));
  for (const Deadline deadline;;) {
    std::string contents = read_file(path);
    if (holds(contents)) return contents;
    if (!wait_readable(watch.get(), deadline))
      throw Failure(fmt::format("'{}' did not become what was awaited; it holds:\n{}", path, contents));
    char events[4096];
    while (::read(watch.get(), events, sizeof events) > 0) {
    }
  }
}

std::string read_file(const std::string& path) {
  std::ostringstream contents;
  contents << std::ifstream(path, std::ios::binary).rdbuf();
  return contents.str();
}

void write_file(const std::string& path, const std::string& contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  if (!file.flush()) throw Failure(fmt::format("cannot write '{}'", path));
}

}  // namespace md2::test
