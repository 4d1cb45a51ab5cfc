#include "client/terminal/signals.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <thread>

#include "common/os/error.h"
#include "tests/support/child.h"
#include "tests/support/deadline.h"

using namespace md2;
using namespace md2::test;

namespace {

bool nothing(const SeenSignals& seen) {
  return seen.end == 0 && !seen.interrupt && !seen.stop && !seen.resumed && !seen.resized;
}

bool readable_now(int fd) {
  return wait_readable(fd, Deadline(std::chrono::milliseconds(0)));
}

}  // namespace

TEST_CASE("a signal wakes, and is seen once") {
  Signals signals;
  CHECK(!readable_now(signals.fd()));
  raise(SIGINT);
  raise(SIGINT);
  raise(SIGWINCH);
  CHECK(readable_now(signals.fd()));
  const SeenSignals seen = signals.take();
  CHECK(seen.interrupt);
  CHECK(seen.resized);
  CHECK(seen.end == 0);
  CHECK(!seen.stop);
  CHECK(!seen.resumed);
  CHECK(!readable_now(signals.fd()));
  CHECK(nothing(signals.take()));
}

TEST_CASE("each signal is seen as what it is") {
  Signals signals;
  for (const int signal : {SIGTERM, SIGHUP, SIGQUIT}) {
    CAPTURE(signal);
    raise(signal);
    CHECK(signals.take().end == signal);
  }
  raise(SIGTSTP);
  CHECK(signals.take().stop);
  raise(SIGCONT);
  CHECK(signals.take().resumed);
}

TEST_CASE("a handler leaves errno as it was, also when its pipe is full") {
  Signals signals;
  constexpr int more_than_a_pipe_holds = 70'000;
  int kept = 0;
  for (int i = 0; i < more_than_a_pipe_holds; ++i) {
    errno = E2BIG;
    raise(SIGWINCH);
    kept += errno == E2BIG ? 1 : 0;
  }
  CHECK(kept == more_than_a_pipe_holds);
  CHECK(signals.take().resized);
  CHECK(!readable_now(signals.fd()));
}

TEST_CASE("the dispositions that were found come back") {
  const auto handler_of = [](int signal) {
    struct sigaction action;
    sigaction(signal, nullptr, &action);
    return reinterpret_cast<std::uintptr_t>(action.sa_handler);
  };
  const auto before_int = handler_of(SIGINT);
  const auto before_winch = handler_of(SIGWINCH);
  const auto before_pipe = std::signal(SIGPIPE, SIG_DFL);
  {
    const Signals signals;
    CHECK(handler_of(SIGINT) != before_int);
    CHECK(handler_of(SIGPIPE) == reinterpret_cast<std::uintptr_t>(SIG_IGN));
    CHECK_THROWS_AS(Signals(), Error);
    CHECK(handler_of(SIGINT) != before_int);
  }
  CHECK(handler_of(SIGINT) == before_int);
  CHECK(handler_of(SIGWINCH) == before_winch);
  CHECK(handler_of(SIGPIPE) == reinterpret_cast<std::uintptr_t>(SIG_DFL));
  std::signal(SIGPIPE, before_pipe);
}

TEST_CASE("a thread that blocks them gets none, and its own faults still") {
  Signals signals;
  std::thread thread;
  WakePipe end;
  {
    const SignalsBlocked blocked;
    thread = std::thread([&] { wait_readable(end.fd(), Deadline()); });
  }
  sigset_t ours;
  pthread_sigmask(SIG_SETMASK, nullptr, &ours);
  CHECK(sigismember(&ours, SIGINT) == 0);
  pthread_kill(thread.native_handle(), SIGINT);
  pthread_kill(thread.native_handle(), SIGWINCH);
  CHECK(nothing(signals.take()));
  end.wake();
  thread.join();

  sigset_t inside;
  {
    const SignalsBlocked blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &inside);
  }
  CHECK(sigismember(&inside, SIGTERM) == 1);
  CHECK(sigismember(&inside, SIGSEGV) == 0);
}

TEST_CASE("waiting for input ends with what must be heard, whenever it comes") {
  Signals signals;
  WakePipe input;
  const pthread_t reader = pthread_self();
  const SeenSignals none = signals.take();
  CHECK(nothing(none));
  for (int i = 0; i < 300; ++i) {
    CAPTURE(i);
    const int signal = i % 2 == 0 ? SIGTERM : SIGINT;
    std::thread sender;
    {
      const SignalsBlocked blocked;
      sender = std::thread([=] { pthread_kill(reader, signal); });
    }
    const bool readable = signals.wait_readable(input.fd());
    sender.join();
    REQUIRE(!readable);
    const SeenSignals seen = signals.take();
    CHECK((seen.end == SIGTERM) == (signal == SIGTERM));
    CHECK(seen.interrupt == (signal == SIGINT));
  }
}

TEST_CASE("waiting for input goes on through a new size, and what can be read goes first") {
  Signals signals;
  WakePipe input;
  std::thread sender;
  const pthread_t reader = pthread_self();
  {
    const SignalsBlocked blocked;
    sender = std::thread([&] {
      pthread_kill(reader, SIGWINCH);
      pthread_kill(reader, SIGCONT);
      input.wake();
    });
  }
  CHECK(signals.wait_readable(input.fd()));
  sender.join();
  raise(SIGTERM);
  CHECK(signals.wait_readable(input.fd()));
  input.drain();
  CHECK(!signals.wait_readable(input.fd()));
}

TEST_CASE("a process stops itself, and the signal that continues it is not seen again") {
  const pid_t child = start_child([] {
    setpgid(0, 0);
    Signals signals;
    raise(SIGTSTP);
    if (!signals.take().stop) return 1;
    signals.stop_process();
    if (signals.take().resumed) return 2;
    raise(SIGTSTP);  // the handler is back: this does not stop
    return signals.take().stop ? 0 : 3;
  });
  int status = 0;
  REQUIRE(waitpid(child, &status, WUNTRACED) == child);
  REQUIRE(WIFSTOPPED(status));
  CHECK(WSTOPSIG(status) == SIGTSTP);
  kill(child, SIGCONT);
  REQUIRE(waitpid(child, &status, WUNTRACED) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
