#include "tests/support/other_program.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

#include "common/os/error.h"
#include "common/os/process.h"
#include "tests/support/deadline.h"

namespace md2::test {
namespace {

UniqueFd bound(int type, const Address& address) {
  const SocketAddress where = look_up(address, "cannot take an address").front();
  UniqueFd fd(::socket(where.family(), type | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool taken = bind(fd.get(), reinterpret_cast<const sockaddr*>(&where.bytes), where.length) == 0 &&
                     (type == SOCK_DGRAM || listen(fd.get(), 5) == 0);
  return taken ? std::move(fd) : UniqueFd();
}

[[noreturn]] void serve(OtherProgram::Kind kind, const UniqueFd& socket) {
  constexpr std::string_view answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
  for (;;) {
    if (kind == OtherProgram::Kind::mute) pause();
    const UniqueFd client(accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    char byte = 0;
    (void)!recv(client.get(), &byte, 1, 0);
    (void)!send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  }
}

}  // namespace

OtherProgram::OtherProgram(const Sandbox& sandbox, Kind kind, const Address& address) {
  Pipe ready = make_pipe();
  pid_ = fork();
  if (pid_ < 0) throw_errno("cannot fork");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (sandbox.network() != nullptr) sandbox.network()->join();
    const UniqueFd socket = bound(kind == Kind::mute ? SOCK_DGRAM : SOCK_STREAM, address);
    if (!socket) _exit(1);
    (void)!::write(ready.write.get(), "!", 1);
    serve(kind, socket);
  }
  ready.write.reset();
  char byte = 0;
  if (::read(ready.read.get(), &byte, 1) != 1) throw Failure("cannot take " + to_string(address));
}

OtherProgram::~OtherProgram() {
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace md2::test
