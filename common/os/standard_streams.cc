#include "common/os/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "common/os/language.h"

namespace md2 {
namespace {

/// write(2) until all is written. False, with errno, when that can't be. A stream that another program has made
/// non-blocking is waited for.
bool write_stream(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EAGAIN) {
      pollfd interest{fd, POLLOUT, 0};
      if (::poll(&interest, 1, -1) < 0 && errno != EINTR) return false;
    } else if (count == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // open(2) gives the lowest number that is free. Without a /dev any folder will do: nobody can write to it.
    const int opened = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened < 0 && ::open("/", O_RDONLY | O_DIRECTORY) < 0) std::_Exit(1);  // and there is no way to say so
  }
}

void put_out(std::string_view text) {
  if (write_stream(STDOUT_FILENO, text)) return;
  const bool reader_left = errno == EPIPE;
  throw OutputError(with_errno(tr("cannot write to standard output")), reader_left);
}

void offer_out(std::string_view text) noexcept {
  (void)write_stream(STDOUT_FILENO, text);
}

void put_err(std::string_view text) noexcept {
  (void)write_stream(STDERR_FILENO, text);
}

}  // namespace md2
