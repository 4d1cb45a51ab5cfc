#include "tests/support/private_network.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/os/error.h"
#include "tests/support/own_namespace.h"

namespace md2::test {
namespace {

/// In the child.
bool enter_new() {
  if (!enter_own_namespace(CLONE_NEWNET)) return false;
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  return ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

UniqueFd open_namespace(pid_t pid, const char* name) {
  return UniqueFd(::open(fmt::format("/proc/{}/ns/{}", pid, name).c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

PrivateNetwork::PrivateNetwork() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  const UniqueFd ready(ends[0]);
  UniqueFd done(ends[1]);
  const uid_t user = geteuid();
  const pid_t child = fork();
  if (child < 0) throw_errno("cannot fork");
  if (child == 0) {
    if (!enter_new()) _exit(1);
    (void)!::write(done.get(), "!", 1);
    for (;;) pause();
  }
  done.reset();
  // The namespaces live on in the descriptors.
  char byte = 0;
  const bool entered = ::read(ready.get(), &byte, 1) == 1;
  if (entered && user != 0) user_ = open_namespace(child, "user");
  if (entered) network_ = open_namespace(child, "net");
  ::kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

void PrivateNetwork::join() const {
  if (user_ && setns(user_.get(), CLONE_NEWUSER) != 0) throw_errno("cannot join the user namespace");
  if (setns(network_.get(), CLONE_NEWNET) != 0) throw_errno("cannot join the network namespace");
}

}  // namespace md2::test
