#pragma once

#include <csignal>
#include <list>

#include "client/terminal/wake_pipe.h"

namespace md2 {

/// Another disposition for a signal while it lives. System calls that it interrupts go on (SA_RESTART): so does
/// signal(3) of glibc and musl, and readline and stdio expect it; poll(2) is interrupted all the same.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal), before_(std::signal(signal, handler)) {}
  ~Disposition() { std::signal(signal_, before_); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  int signal_;
  void (*before_)(int);
};

/// Which signals came; one that came twice counts once.
struct SeenSignals {
  int end = 0;             ///< SIGTERM, SIGHUP or SIGQUIT: leave, the terminal may be gone
  bool interrupt = false;  ///< SIGINT
  bool stop = false;       ///< SIGTSTP: Ctrl-Z
  bool resumed = false;    ///< SIGCONT
  bool resized = false;    ///< SIGWINCH
};

/// Owns the handlers of the signals that a person sends to a program on a terminal, and turns them into something that
/// poll(2) sees. A handler sets a flag and wakes a pipe, nothing else; what a signal means is done later by the one who
/// calls take(). SIGPIPE is ignored. One object at a time; the dispositions that were found come back with its end.
class Signals {
 public:
  /// Throws Error.
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Readable after a signal until take().
  int fd() const { return pipe_.fd(); }

  /// What came since the last call. Look at `end` first: a stopped program is sent SIGTERM and then SIGCONT.
  SeenSignals take();

  /// Waits until `fd` can be read (true), or SIGINT or one that ends the program came and was not taken (false). For
  /// those who read in the middle of something, where nobody polls fd(). What can be read goes first.
  bool wait_readable(int fd);

  /// A SIGINT that came has done what it was for, and does not show in take().
  void forget_interrupt();

  /// Stops the process as SIGTSTP does when nobody catches it. Returns when it is continued; the SIGCONT does not show
  /// in take().
  void stop_process();

  /// True when the process is in the foreground of `terminal`; until then it is stopped (SIGTTIN), as anyone is who
  /// reads from the terminal in the background. False when a signal that ends the program came meanwhile.
  bool wait_for_foreground(int terminal);

 private:
  WakePipe pipe_;
  std::list<Disposition> dispositions_;
};

/// While it lives, the calling thread, and threads that it starts, don't get the signals that Signals handles, so that
/// system calls there are not interrupted. Only these: with a fault's signal (SIGSEGV) blocked the kernel kills the
/// process without a handler.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  const sigset_t& before() const { return before_; }  ///< the mask that was found

 private:
  sigset_t before_;
};

}  // namespace md2
