#include "client/terminal/signals.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::array handled = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
constexpr std::array ending = {SIGTERM, SIGHUP, SIGQUIT};

// What a handler may touch: lock-free atomics (C++ [support.signal]). Indexed by signal number.
std::array<std::atomic<bool>, NSIG> came;
std::atomic<const WakePipe*> wakes = nullptr;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<const WakePipe*>::is_always_lock_free);

void note(int signal) {
  came[static_cast<std::size_t>(signal)] = true;
  if (const WakePipe* pipe = wakes) pipe->wake();
}

bool has_come(int signal) {
  return came[static_cast<std::size_t>(signal)];
}

bool take_one(int signal) {
  return came[static_cast<std::size_t>(signal)].exchange(false);
}

bool must_end() {
  return std::any_of(ending.begin(), ending.end(), has_come);
}

/// True when the process was stopped and continued.
bool raise_default(int signal) {
  const Disposition by_default(signal, SIG_DFL);
  take_one(SIGCONT);
  raise(signal);
  return take_one(SIGCONT);
}

}  // namespace

Signals::Signals() {
  if (wakes != nullptr) throw Error(tr("signals have an owner already"));
  wakes = &pipe_;
  for (const int signal : handled) dispositions_.emplace_back(signal, note);
  dispositions_.emplace_back(SIGPIPE, SIG_IGN);
}

Signals::~Signals() {
  dispositions_.clear();
  wakes = nullptr;
  for (const int signal : handled) take_one(signal);
}

SeenSignals Signals::take() {
  pipe_.drain();  // first: a signal that comes after it wakes again
  SeenSignals seen;
  for (const int signal : ending) {
    if (take_one(signal)) seen.end = signal;
  }
  seen.interrupt = take_one(SIGINT);
  seen.stop = take_one(SIGTSTP);
  seen.resumed = take_one(SIGCONT);
  seen.resized = take_one(SIGWINCH);
  return seen;
}

void Signals::forget_interrupt() {
  take_one(SIGINT);
}

bool Signals::wait_readable(int fd) {
  pollfd interest{fd, POLLIN, 0};
  if (poll(&interest, 1, 0) > 0) return true;
  const SignalsBlocked blocked;  // no signal can come between the look at the flags and the wait
  for (;;) {
    if (must_end() || has_come(SIGINT)) return false;
    if (ppoll(&interest, 1, nullptr, &blocked.before()) > 0 || errno != EINTR) return true;
  }
}

void Signals::stop_process() {
  raise_default(SIGTSTP);
}

bool Signals::wait_for_foreground(int terminal) {
  while (tcgetpgrp(terminal) != getpgrp() && !must_end()) {
    if (!raise_default(SIGTTIN)) return true;  // nobody could continue us (the shell is gone), so we were not stopped
  }
  return !must_end();
}

SignalsBlocked::SignalsBlocked() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : handled) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
}

SignalsBlocked::~SignalsBlocked() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace md2
