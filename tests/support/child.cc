#include "tests/support/child.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <exception>
#include <iostream>

#include "tests/support/deadline.h"

namespace md2::test {
pid_t start_child(const std::function<int()>& work) {
  std::cout << std::flush;  // else both have it, and the thread sanitizer's _exit writes it again
  const pid_t child = fork();
  if (child < 0) throw Failure("cannot fork");
  if (child == 0) {
    int status = 125;
    try {
      status = work();
    } catch (const std::exception& error) {  // it must not run the rest of the tests a second time
      std::cerr << error.what() << '\n';
    }
    _exit(status);
  }
  return child;
}

namespace {

int wait_for(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, __WALL) != child) throw Failure("cannot wait for a child");
  return status;
}

Stopped result(int status) {
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Stopped::no : Stopped::wrongly;
}

/// Calls `act` at the n-th stop; it must let the child end.
Stopped at_stop(int n, const std::function<int()>& work, const std::function<void(pid_t)>& act) {
  const pid_t child = start_child([&] {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) return 124;
    raise(SIGSTOP);
    return work();
  });
  int status = wait_for(child);
  if (!WIFSTOPPED(status)) throw Failure("ptrace is forbidden here");
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
  for (int stops = 0; stops < n;) {
    if (ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) throw Failure("cannot let a child go on");
    status = wait_for(child);
    if (!WIFSTOPPED(status)) return result(status);
    if (WSTOPSIG(status) == (SIGTRAP | 0x80)) ++stops;  // PTRACE_O_TRACESYSGOOD: ptrace(2)
  }
  act(child);
  status = wait_for(child);
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  return killed || result(status) == Stopped::no ? Stopped::yes : Stopped::wrongly;
}

}  // namespace

int in_child(const std::function<int()>& work) {
  const int status = wait_for(start_child(work));
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

Stopped kill_at_stop(int n, const std::function<int()>& work) {
  return at_stop(n, work, [](pid_t child) { kill(child, SIGKILL); });
}

Stopped overtake_at_stop(int n, const std::function<int()>& work, const std::function<void()>& meanwhile) {
  return at_stop(n, work, [&](pid_t child) {
    meanwhile();
    ptrace(PTRACE_DETACH, child, nullptr, nullptr);
  });
}

bool fail_call(int call, int error, int fd) {
  const auto load = [](std::size_t offset) {
    return sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
  };
  constexpr std::size_t low_word = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4;
  const bool any = fd < 0;
  sock_filter program[] = {
      load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 3),
      load(offsetof(seccomp_data, args) + low_word),
      BPF_JUMP((any ? BPF_JMP | BPF_JGE : BPF_JMP | BPF_JEQ) | BPF_K, any ? 0U : static_cast<unsigned>(fd), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{sizeof program / sizeof program[0], program};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

SharedCounter::SharedCounter()
    : value_(static_cast<int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
  if (value_ == MAP_FAILED) throw Failure("cannot share memory with a child");
}

SharedCounter::~SharedCounter() {
  munmap(const_cast<int*>(value_), sizeof(int));
}

}  // namespace md2::test
