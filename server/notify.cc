#include "server/notify.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/unique_fd.h"
#include "server/log.h"

namespace md2 {
namespace {

constexpr timeval longest_wait{1, 0};  ///< while the manager has as much to read as it takes

/// `name` is the path of a socket, or, with @ in the place of its first byte, which is NUL, an abstract one (unix(7)).
void send_to(std::string_view name, std::string_view state) {
  const std::string what = tr("cannot tell the service manager at '{}'", name);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@'))
    throw Error(tr("{}: this is no address of a local socket", what));
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) throw_errno(what);
  (void)setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &longest_wait, sizeof longest_wait);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  if (sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL, to, length) < 0) throw_errno(what);
}

}  // namespace

void notify(std::string_view state) {
  const char* const name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr || *name == '\0') return;
  try {
    send_to(name, state);
  } catch (const Error& error) {
    log(error.what(), LogLevel::error);
  }
}

}  // namespace md2
