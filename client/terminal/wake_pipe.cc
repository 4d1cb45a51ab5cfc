#include "client/terminal/wake_pipe.h"

#include <unistd.h>

#include <cerrno>

namespace md2 {

void WakePipe::wake() const {
  const int saved = errno;  // a signal handler must leave it as it was
  while (::write(ends_.write.get(), "!", 1) < 0 && errno == EINTR) {
  }
  errno = saved;  // EAGAIN: the pipe is full, so the reader is awake already
}

void WakePipe::drain() const {
  char bytes[256];
  ssize_t count = 0;
  do {
    count = ::read(ends_.read.get(), bytes, sizeof bytes);
  } while (count == static_cast<ssize_t>(sizeof bytes) || (count < 0 && errno == EINTR));
}

}  // namespace md2
