#include "server/loop.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

volatile sig_atomic_t stop_came = 0;
volatile sig_atomic_t reload_came = 0;

void on_signal(int number) {
  (number == SIGHUP ? reload_came : stop_came) = 1;
}

}  // namespace

Loop::Loop() {
  sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, number);
  if (sigprocmask(SIG_BLOCK, &signals_, &waiting_mask_) != 0) throw_errno(tr("cannot block signals"));
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    sigdelset(&waiting_mask_, number);
    signal(number, on_signal);
  }
  for (const int number : {SIGPIPE, SIGXFSZ, SIGTTIN}) signal(number, SIG_IGN);
}

void Loop::want(int fd, bool read, bool write) {
  if (read) FD_SET(fd, &want_read_);
  if (write) FD_SET(fd, &want_write_);
  if (read || write) highest_ = std::max(highest_, fd);
}

void Loop::wait(std::optional<Clock::time_point> deadline) {
  ready_read_ = std::exchange(want_read_, {});
  fd_set ready_write = std::exchange(want_write_, {});
  timespec left{};
  if (deadline) {
    const long nanos = std::max<long>(std::chrono::nanoseconds(*deadline - Clock::now()).count(), 0);
    left = {nanos / 1'000'000'000, nanos % 1'000'000'000};
  }
  const int count = pselect(std::exchange(highest_, -1) + 1, &ready_read_, &ready_write, nullptr,
                            deadline ? &left : nullptr, &waiting_mask_);
  const int fault = errno;
  take_signals();
  ready_ = std::max(count, 0);
  if (count >= 0) return;
  errno = fault;
  if (fault != EINTR) throw_errno(tr("cannot wait for clients"));
  ready_read_ = {};
}

/// pselect(2) lets no signal in while a descriptor is ready, and beside many clients one always is.
void Loop::take_signals() {
  constexpr timespec at_once{};
  for (int number = 0; (number = sigtimedwait(&signals_, nullptr, &at_once)) > 0;) on_signal(number);
}

bool Loop::stopped() const {
  return stop_came != 0;
}

bool Loop::take_reload() {
  return std::exchange(reload_came, 0) != 0;
}

}  // namespace md2
