#include "server/activation.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr int first_passed = 3;  ///< SD_LISTEN_FDS_START

std::optional<std::string> take_variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::string taken = value;
  unsetenv(name);
  return taken;
}

std::optional<int> number_in(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, code] = std::from_chars(text.data(), end, number);
  return code == std::errc{} && parsed == end ? std::optional(number) : std::nullopt;
}

/// -1 where `fd` is no socket, which is no value of these options.
int option_of(int fd, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

bool listens(int fd) {
  const int family = option_of(fd, SO_DOMAIN);
  return (family == AF_INET || family == AF_INET6) && option_of(fd, SO_TYPE) == SOCK_STREAM &&
         option_of(fd, SO_ACCEPTCONN) == 1;
}

UniqueFd take(int fd) {
  if (!listens(fd)) throw Error(tr("cannot serve: descriptor {}, of LISTEN_FDS, is no listening TCP socket", fd));
  UniqueFd socket(fd);
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
    throw_errno(tr("cannot prepare descriptor {}, of LISTEN_FDS", fd));
  return socket;
}

}  // namespace

std::vector<UniqueFd> take_passed_sockets() {
  const auto pid = take_variable("LISTEN_PID");
  const auto count = take_variable("LISTEN_FDS");
  take_variable("LISTEN_FDNAMES");
  if (!pid || !count || number_in(*pid) != getpid()) return {};
  const int passed = number_in(*count).value_or(-1);
  if (passed < 0 || passed > FD_SETSIZE - first_passed)
    throw Error(tr("cannot serve: LISTEN_FDS is '{}', not how many sockets there are", *count));
  std::vector<UniqueFd> sockets;
  for (int fd = first_passed; fd < first_passed + passed; ++fd) sockets.push_back(take(fd));
  return sockets;
}

}  // namespace md2
