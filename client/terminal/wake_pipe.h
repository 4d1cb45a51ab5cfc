#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "common/os/process.h"

namespace md2 {

/// A pipe that wakes whoever waits in pselect(2) or poll(2): a thread for another, a signal handler for the program.
/// The constructor throws Error.
class WakePipe {
 public:
  /// Async-signal-safe, from any thread. Waking twice before a drain() is the same as once.
  void wake() const {
    const int saved = errno;  // a signal handler must leave it as it was
    while (::write(ends_.write.get(), "!", 1) < 0 && errno == EINTR) {
    }
    errno = saved;  // EAGAIN: the pipe is full, so the reader is awake already
  }

  /// Takes all that was written. Only for the one who waits.
  void drain() const {
    char bytes[256];
    ssize_t count = 0;
    do {
      count = ::read(ends_.read.get(), bytes, sizeof bytes);
    } while (count == static_cast<ssize_t>(sizeof bytes) || (count < 0 && errno == EINTR));
  }

  /// Readable after wake() until drain().
  int fd() const { return ends_.read.get(); }

 private:
  Pipe ends_ = make_pipe(O_NONBLOCK);
};

}  // namespace md2
