#include "common/net/socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <memory>

#include "common/os/error.h"

namespace md2 {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList look_up(const Address& address, int flags, const std::string& what) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int fault = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &list); fault != 0) {
    throw Error(fmt::format("{}: {}", what, gai_strerror(fault)));
  }
  return {list, &freeaddrinfo};
}

UniqueFd stream_socket(int family, const std::string& what) {
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno(what);
  return fd;
}

Address numeric(const sockaddr_storage& storage, socklen_t length) {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&storage), length, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {"?", "?"};
  }
  return {host, port};
}

void set_option(int socket, int level, int name, int value) {
  // A socket that refuses one of these still works; there is nobody to tell.
  (void)setsockopt(socket, level, name, &value, sizeof value);
}

}  // namespace

Address parse_address(std::string_view text) {
  const auto fault = [&](std::string_view why) { return Error(fmt::format("'{}' is not HOST:PORT: {}", text, why)); };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) throw fault("there is no colon");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    throw fault("an IPv6 address stands in brackets, as in [::1]:5000");
  }
  if (host.empty()) throw fault("the host is missing");
  std::uint16_t number = 0;
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (code != std::errc{} || end != port.data() + port.size()) throw fault("the port is not a number from 0 to 65535");
  return {std::string(host), std::string(port)};
}

std::string to_string(const Address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

UniqueFd listen_on(const Address& address) {
  const std::string what = fmt::format("cannot listen on {}", to_string(address));
  const AddressList list = look_up(address, AI_PASSIVE, what);
  UniqueFd fd = stream_socket(list->ai_family, what);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind(fd.get(), list->ai_addr, list->ai_addrlen) != 0) throw_errno(what);
  if (listen(fd.get(), SOMAXCONN) != 0) throw_errno(what);
  return fd;
}

Address bound_address(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
    throw_errno("cannot read a socket's address");
  return numeric(storage, length);
}

std::string peer_name(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return "a client that has left";
  return to_string(numeric(storage, length));
}

UniqueFd start_connect(const Address& address) {
  const std::string what = fmt::format("cannot connect to {}", to_string(address));
  const AddressList list = look_up(address, 0, what);
  UniqueFd fd = stream_socket(list->ai_family, what);
  // EINTR also leaves the connection being made (connect(2)).
  if (connect(fd.get(), list->ai_addr, list->ai_addrlen) != 0 && errno != EINPROGRESS && errno != EINTR)
    throw_errno(what);
  return fd;
}

int connect_error(int socket) {
  int code = 0;
  socklen_t length = sizeof code;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) != 0) return errno;
  return code;
}

void set_connection_options(int socket) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);  // the kernel's own 7200 s are not "within minutes"
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
}

void expect_quick_reader(int socket) {
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 60'000);
}

}  // namespace md2
