#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// Where a server listens: `HOST:PORT` as typed, an IPv6 host in brackets.
struct Address {
  std::string host = "127.0.0.1";
  std::string port = "5000";
};

/// Throws Error when `text` is not HOST:PORT with a port of 0 to 65535.
Address parse_address(std::string_view text);
std::string to_string(const Address& address);

/// A listening TCP socket: non-blocking, close-on-exec, SO_REUSEADDR. Throws Error ("cannot listen on ...").
UniqueFd listen_on(const Address& address);

/// The address a socket is bound to, with the port the system picked where port 0 was asked for.
Address bound_address(int socket);

/// The address of the other end, for log lines.
std::string peer_name(int socket);

/// Starts to connect: non-blocking, close-on-exec. The socket becomes writable when the outcome is known, then ask
/// connect_error(). Name look-up (getaddrinfo) blocks for names that are not numeric. Throws Error with the reason when
/// there is nothing to wait for; only the first address of a name is tried.
UniqueFd start_connect(const Address& address);

/// 0 when connected, otherwise the errno of the failure (SO_ERROR, socket(7)).
int connect_error(int socket);

/// What every connection of md2 gets: no delay for small messages (tcp(7) TCP_NODELAY), and a peer that is gone without
/// a word is noticed within minutes (SO_KEEPALIVE), or when the system gives up sending again (tcp_retries2).
void set_connection_options(int socket);

/// For a peer that always reads: 60 s without it taking what was sent are the end (TCP_USER_TIMEOUT). Not for the
/// server's side: Linux counts a closed window as well, and who reads the diary in a pager may leave it closed all day.
void expect_quick_reader(int socket);

}  // namespace md2
