#pragma once

#include <signal.h>
#include <sys/select.h>

#include <chrono>
#include <optional>

namespace md2 {

/// The one place where the server waits: pselect(2) over descriptors and interests, with the signals that end it or
/// make it read its keys again taken only there, so that none can come between a look at its flag and the wait.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  /// Blocks SIGINT, SIGTERM and SIGHUP for the whole program and installs their handlers; ignores SIGPIPE and SIGXFSZ,
  /// which come back as EPIPE and EFBIG, and SIGTTIN, as EIO. One Loop a program.
  Loop();

  /// What the next wait() is to wait for. `fd` must be below FD_SETSIZE.
  void want(int fd, bool read, bool write);

  /// Waits until something wanted is ready, a signal comes or `deadline` passes, forgets what was wanted, and remembers
  /// what is ready. Without a deadline it makes no system call until something happens. Throws Error.
  void wait(std::optional<Clock::time_point> deadline);

  bool readable(int fd) const { return FD_ISSET(fd, &ready_read_); }

  /// How many descriptors are ready, for reading and for writing.
  int ready() const { return ready_; }

  /// SIGINT or SIGTERM has come.
  bool stopped() const;

  /// SIGHUP has come since the last call.
  bool take_reload();

 private:
  void take_signals();

  fd_set want_read_{};
  fd_set want_write_{};
  fd_set ready_read_{};
  int highest_ = -1;
  int ready_ = 0;
  sigset_t signals_{};
  sigset_t waiting_mask_{};
};

}  // namespace md2
