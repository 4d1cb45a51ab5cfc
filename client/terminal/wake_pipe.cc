#include "client/terminal/wake_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "common/os/error.h"

namespace md2 {

WakePipe::WakePipe() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  read_.reset(ends[0]);
  write_.reset(ends[1]);
}

void WakePipe::wake() const {
  const int saved = errno;  // a signal handler must leave it as it was
  while (::write(write_.get(), "!", 1) < 0 && errno == EINTR) {
  }
  errno = saved;  // EAGAIN: the pipe is full, so the reader is awake already
}

bool WakePipe::drain() const {
  char bytes[256];
  bool some = false;
  for (;;) {
    const ssize_t count = ::read(read_.get(), bytes, sizeof bytes);
    if (count > 0) some = true;
    if (count > 0 && count < static_cast<ssize_t>(sizeof bytes)) return true;
    if (count == 0 || (count < 0 && errno != EINTR)) return some;
  }
}

}  // namespace md2
