#include "client/terminal/wake_pipe.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <thread>

#include "tests/support/deadline.h"

using namespace md2;

namespace {

bool awake(const WakePipe& pipe) {
  pollfd item{pipe.fd(), POLLIN, 0};
  return poll(&item, 1, 0) == 1;
}

}  // namespace

TEST_CASE("a pipe is readable from wake to drain") {
  const WakePipe pipe;
  CHECK_FALSE(awake(pipe));
  pipe.drain();  // waits for nothing
  pipe.wake();
  pipe.wake();
  CHECK(awake(pipe));
  pipe.drain();
  CHECK_FALSE(awake(pipe));
}

TEST_CASE("waking never blocks, keeps errno, and one drain takes it all") {
  const WakePipe pipe;
  errno = ENOENT;
  for (int i = 0; i < 100'000; ++i) pipe.wake();  // more than a pipe holds
  CHECK(errno == ENOENT);
  pipe.drain();
  CHECK_FALSE(awake(pipe));
}

TEST_CASE("a thread that waits is woken by another") {
  const WakePipe pipe;
  std::thread other([&] { pipe.wake(); });
  CHECK(test::wait_readable(pipe.fd(), test::Deadline()));
  other.join();
  pipe.drain();
  CHECK_FALSE(awake(pipe));
}

TEST_CASE("the pipe is not inherited by programs that are started") {
  const WakePipe pipe;
  CHECK((fcntl(pipe.fd(), F_GETFD) & FD_CLOEXEC) != 0);
}
