#include "common/net/socket.h"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr int port_attempts = 16;  ///< to find one that is free on every address of a name

const sockaddr* bytes_of(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.bytes);
}

Address numeric(const SocketAddress& address) {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (getnameinfo(bytes_of(address), address.length, host, sizeof host, port, sizeof port,
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
  const auto fault = [&](std::string_view why) { return Error(tr("'{}' is not HOST:PORT: {}", text, why)); };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) throw fault(tr("there is no colon"));
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    throw fault(tr("an IPv6 address stands in brackets, as in [::1]:5000"));
  }
  if (host.empty()) throw fault(tr("the host is missing"));
  std::uint16_t number = 0;
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (code != std::errc{} || end != port.data() + port.size())
    throw fault(tr("the port is not a number from 0 to 65535"));
  return {std::string(host), std::string(port)};
}

std::string to_string(const Address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

std::string to_string(const SocketAddress& address) {
  return to_string(numeric(address));
}

bool is_numeric(const Address& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &list) != 0) return false;
  freeaddrinfo(list);
  return true;
}

LookedUp look_up(const Address& address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int fault = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &list); fault != 0) {
    return {{}, fault, errno};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
  LookedUp found;
  for (const addrinfo* item = list; item != nullptr; item = item->ai_next) {
    SocketAddress one;
    one.length = item->ai_addrlen;
    std::memcpy(&one.bytes, item->ai_addr, item->ai_addrlen);
    found.addresses.push_back(one);  // NOLINT(performance-inefficient-vector-operation): two or three
  }
  return found;
}

std::vector<SocketAddress> addresses_of(LookedUp answer, const std::string& what) {
  if (answer.fault == 0) return std::move(answer.addresses);
  const bool of_system = answer.fault == EAI_SYSTEM;
  throw Error(fmt::format("{}: {}", what, of_system ? errno_text(answer.error) : tr(gai_strerror(answer.fault))));
}

std::vector<SocketAddress> look_up(const Address& address, const std::string& what) {
  return addresses_of(look_up(address), what);
}

namespace {

void set_port(SocketAddress& address, const std::string& port) {
  const in_port_t number = htons(static_cast<std::uint16_t>(std::stoi(port)));
  if (address.family() == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(address.bytes).sin6_port = number;
  } else {
    reinterpret_cast<sockaddr_in&>(address.bytes).sin_port = number;
  }
}

/// Nothing when this machine does not have the address, and another one is there to listen on.
UniqueFd listen_on_one(const SocketAddress& address, bool alone, const std::string& what) {
  const auto is_elsewhere = [&] { return !alone && (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT); };
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd && is_elsewhere()) return {};
  if (!fd) throw_errno(what);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  // [::] alone takes IPv4 as well; beside 0.0.0.0 it would be in its way.
  if (!alone && address.family() == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (bind(fd.get(), bytes_of(address), address.length) != 0) {
    if (is_elsewhere()) return {};
    throw_errno(what);
  }
  if (listen(fd.get(), SOMAXCONN) != 0) throw_errno(what);
  return fd;
}

std::vector<UniqueFd> listen_on_all(std::vector<SocketAddress> addresses, bool pick_port, const std::string& what) {
  std::vector<UniqueFd> listeners;
  for (SocketAddress& address : addresses) {
    if (pick_port && !listeners.empty()) set_port(address, bound_address(listeners.front().get()).port);
    if (UniqueFd fd = listen_on_one(address, addresses.size() == 1, what)) listeners.push_back(std::move(fd));
  }
  if (listeners.empty()) throw Error(tr("{}: this machine has none of its addresses", what));
  return listeners;
}

}  // namespace

std::vector<UniqueFd> listen_on(const Address& address) {
  const std::string what = tr("cannot listen on {}", to_string(address));
  const std::vector<SocketAddress> addresses = look_up(address, what);
  const bool pick_port = std::stoi(address.port) == 0;
  for (int attempt = 1;; ++attempt) {
    try {
      return listen_on_all(addresses, pick_port, what);
    } catch (const Error&) {
      // The port that one address gave may be taken on another.
      if (!pick_port || addresses.size() == 1 || attempt == port_attempts) throw;
    }
  }
}

Address bound_address(int socket) {
  SocketAddress address;
  address.length = sizeof address.bytes;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address.bytes), &address.length) != 0)
    throw_errno(tr("cannot read a socket's address"));
  return numeric(address);
}

std::string peer_name(int socket) {
  SocketAddress address;
  address.length = sizeof address.bytes;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address.bytes), &address.length) != 0)
    return tr("a client that has left");
  return to_string(address);
}

UniqueFd start_connect(const SocketAddress& address) {
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno(tr("cannot connect to {}", to_string(address)));
  // EINTR also leaves the connection being made (connect(2)).
  if (connect(fd.get(), bytes_of(address), address.length) != 0 && errno != EINPROGRESS && errno != EINTR)
    throw_errno(tr("cannot connect to {}", to_string(address)));
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

std::size_t unacknowledged(int socket) {
  int bytes = 0;
  return ioctl(socket, SIOCOUTQ, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

}  // namespace md2
