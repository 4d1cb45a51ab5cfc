#include "server/activation.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "common/os/error.h"
#include "tests/support/child.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int first = 3;

/// Runs `check` in a process that was started with these descriptors from 3 on; the result is its own, or 100.
int handed(const std::vector<int>& fds, const std::string& count, const std::function<int()>& check, int pid_off = 0) {
  return in_child([&] {
    constexpr int aside = 200;  // none of what is handed over may be overwritten before it is copied
    int next = aside;
    for (const int fd : fds) dup2(fd, next++);
    for (int i = 0; i < 5; ++i) close(first + i);
    for (int i = 0; i < next - aside; ++i) dup2(aside + i, first + i);
    setenv("LISTEN_PID", std::to_string(getpid() + pid_off).c_str(), 1);
    setenv("LISTEN_FDS", count.c_str(), 1);
    setenv("LISTEN_FDNAMES", "md2server.socket", 1);
    const int result = check();
    const bool left = std::getenv("LISTEN_PID") != nullptr || std::getenv("LISTEN_FDS") != nullptr ||
                      std::getenv("LISTEN_FDNAMES") != nullptr;
    return left ? 100 : result;
  });
}

int taken() {
  return static_cast<int>(take_passed_sockets().size());
}

/// 0 when what was handed over is refused with these words.
int refused(const std::string& words) {
  try {
    take_passed_sockets();
  } catch (const Error& error) {
    return std::string(error.what()).find(words) == std::string::npos ? 2 : 0;
  }
  return 1;
}

}  // namespace

TEST_CASE("the sockets that a service manager hands over are taken, once, and no child gets them") {
  const UniqueFd one = listen_on_loopback();
  const UniqueFd other = listen_on_loopback();
  const std::vector fds{one.get(), other.get()};
  for (const int fd : fds) fcntl(fd, F_SETFL, 0);  // blocking, as systemd's are
  CHECK(handed(fds, "2", [&] {
          const auto sockets = take_passed_sockets();
          if (sockets.size() != 2 || bound_address(sockets[1].get()).port != bound_address(other.get()).port) return 1;
          for (const UniqueFd& socket : sockets) {
            if ((fcntl(socket.get(), F_GETFD) & FD_CLOEXEC) == 0) return 2;
            if ((fcntl(socket.get(), F_GETFL) & O_NONBLOCK) == 0) return 3;
          }
          return taken();  // now there are none
        }) == 0);
  CHECK(handed({one.get()}, "0", taken) == 0);
}

TEST_CASE("sockets that were handed to another process, or to none, are nobody's here") {
  const UniqueFd one = listen_on_loopback();
  CHECK(handed({one.get()}, "1", taken, 1) == 0);
  CHECK(in_child(taken) == 0);
}

TEST_CASE("what is handed over and is no listening TCP socket is refused, and named") {
  const UniqueFd listener = listen_on_loopback();
  const auto is_refused = [&](int fd) {
    return handed({listener.get(), fd}, "2", [] { return refused("descriptor 4, of LISTEN_FDS"); }) == 0;
  };
  CHECK(is_refused(-1));
  CHECK(is_refused(UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC)).get()));
  CHECK(is_refused(UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)).get()));
  CHECK(is_refused(keep_a_port().get()));  // nobody listens
  const UniqueFd local(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un any{AF_UNIX, {}};  // the system picks an abstract name (unix(7))
  REQUIRE(bind(local.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any.sun_family) == 0);
  REQUIRE(listen(local.get(), 1) == 0);
  CHECK(is_refused(local.get()));
}

TEST_CASE("a number of sockets that is none, or that no process has, is refused") {
  const UniqueFd one = listen_on_loopback();
  for (const std::string count : {"", "-1", "1x", "two", "1024", "99999999999999999999"}) {
    CAPTURE(count);
    CHECK(handed({one.get()}, count, [&] { return refused("LISTEN_FDS is '" + count + "'"); }) == 0);
  }
}
