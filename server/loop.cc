#include "server/loop.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/error.h"

namespace md2 {
namespace {

volatile sig_atomic_t stop_came = 0;
volatile sig_atomic_t reload_came = 0;

void on_stop(int) {
  stop_came = 1;
}
void on_reload(int) {
  reload_came = 1;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  if (sigaction(signal, &action, nullptr) != 0) throw_errno("cannot handle a signal");
}

}  // namespace

Loop::Loop() {
  sigset_t blocked;
  sigemptyset(&blocked);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&blocked, signal);
  if (sigprocmask(SIG_BLOCK, &blocked, &waiting_mask_) != 0) throw_errno("cannot block signals");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigdelset(&waiting_mask_, signal);
  handle(SIGINT, on_stop);
  handle(SIGTERM, on_stop);
  handle(SIGHUP, on_reload);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGTTIN}) handle(signal, SIG_IGN);
}

void Loop::want(int fd, bool read, bool write) {
  if (read) FD_SET(fd, &want_read_);
  if (write) FD_SET(fd, &want_write_);
  if (read || write) highest_ = std::max(highest_, fd);
}

void Loop::wait(std::optional<Clock::time_point> deadline) {
  ready_read_ = std::exchange(want_read_, {});
  ready_write_ = std::exchange(want_write_, {});
  timespec left{};
  if (deadline) {
    const auto nanos = std::chrono::ceil<std::chrono::nanoseconds>(*deadline - Clock::now()).count();
    left.tv_sec = std::max<long>(nanos, 0) / 1'000'000'000;
    left.tv_nsec = std::max<long>(nanos, 0) % 1'000'000'000;
  }
  const int count = pselect(std::exchange(highest_, -1) + 1, &ready_read_, &ready_write_, nullptr,
                            deadline ? &left : nullptr, &waiting_mask_);
  if (count >= 0) return;
  if (errno != EINTR) throw_errno("cannot wait for clients");
  FD_ZERO(&ready_read_);
  FD_ZERO(&ready_write_);
}

bool Loop::readable(int fd) const {
  return FD_ISSET(fd, &ready_read_);
}
bool Loop::writable(int fd) const {
  return FD_ISSET(fd, &ready_write_);
}

bool Loop::stopped() const {
  return stop_came != 0;
}

bool Loop::take_reload() {
  return std::exchange(reload_came, 0) != 0;
}

}  // namespace md2
