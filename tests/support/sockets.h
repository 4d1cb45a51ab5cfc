#pragma once

#include <string>
#include <utility>

#include "common/net/socket.h"

namespace md2::test {

/// A listener at a free port of 127.0.0.1.
inline UniqueFd listen_on_loopback() {
  return std::move(listen_on({"127.0.0.1", "0"}).front());
}

/// Starts to connect to an address in numbers.
inline UniqueFd start_connect_to(const Address& address) {
  return start_connect(look_up(address, "cannot connect").front());
}

}  // namespace md2::test
