#pragma once

#include <sys/types.h>

#include <functional>

namespace md2::test {

/// Runs `work` in a child process, which exits with its result. The test must have one thread.
pid_t start_child(const std::function<int()>& work);

/// The same, and waits: the exit status, or -SIGNAL if it was killed.
int in_child(const std::function<int()>& work);

/// What became of a child that was to be stopped at a system call.
enum class Stopped {
  yes,
  no,      ///< it ended before, with status 0
  wrongly  ///< it ended with another status
};

/// Runs `work` in a child process and kills it (SIGKILL) at its n-th stop; each system call makes two, one before it
/// runs and one behind it. So n from 1 until the answer is not `yes` is every moment between two calls. Needs
/// ptrace(2); throws Failure where that is forbidden.
Stopped kill_at_stop(int n, const std::function<int()>& work);

/// The same, but the child goes on after `meanwhile` has run here, and is waited for.
Stopped overtake_at_stop(int n, const std::function<int()>& work, const std::function<void()>& meanwhile);

/// From now on the system call gives `error` in this process (a child of in_child), for good: seccomp(2). With `fd`,
/// only when that is its first argument. False where that is not possible.
bool fail_call(int call, int error, int fd = -1);

/// An int that a child and its parent share.
class SharedCounter {
 public:
  SharedCounter();
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  volatile int& value() { return *value_; }

 private:
  volatile int* value_;
};

}  // namespace md2::test
