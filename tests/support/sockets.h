#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "common/net/socket.h"
#include "common/os/error.h"

namespace md2::test {

/// A listener at a free port of 127.0.0.1.
inline UniqueFd listen_on_loopback() {
  return std::move(listen_on({"127.0.0.1", "0"}).front());
}

/// A free port of 127.0.0.1 that nobody else gets while this descriptor is open, though a program may listen there that
/// sets SO_REUSEADDR: bound, and not listened at (ip(7)).
inline UniqueFd keep_a_port() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw_errno("cannot bind");
  return fd;
}

/// Starts to connect to an address in numbers.
inline UniqueFd start_connect_to(const Address& address) {
  return start_connect(look_up(address, "cannot connect").front());
}

}  // namespace md2::test
