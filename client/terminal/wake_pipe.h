#pragma once

#include <fcntl.h>

#include "common/os/process.h"

namespace md2 {

/// A pipe that wakes whoever waits in pselect(2) or poll(2): a thread for another, a signal handler for the program.
/// The constructor throws Error.
class WakePipe {
 public:
  /// Async-signal-safe, from any thread. Waking twice before a drain() is the same as once.
  void wake() const;

  /// Takes all that was written. Only for the one who waits.
  void drain() const;

  /// Readable after wake() until drain().
  int fd() const { return ends_.read.get(); }

 private:
  Pipe ends_ = make_pipe(O_NONBLOCK);
};

}  // namespace md2
