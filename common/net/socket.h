#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// One of the addresses that a name stands for, as the system takes it.
struct SocketAddress {
  sockaddr_storage bytes = {};
  socklen_t length = 0;

  int family() const { return bytes.ss_family; }
};

/// HOST:PORT in numbers.
std::string to_string(const SocketAddress& address);

/// True when the host is a number, so that no name is looked up.
bool is_numeric(const Address& address);

/// What getaddrinfo(3) says: addresses in the order in which they are to be tried (RFC 6724), or why there are none. In
/// no language yet: a thread that nobody may wait for asks it, and the messages are not such a thread's to read.
struct LookedUp {
  std::vector<SocketAddress> addresses;
  int fault = 0;  ///< EAI_...
  int error = 0;  ///< errno with EAI_SYSTEM
};

/// Blocks for names that are not numeric, as long as DNS takes, and can't be cancelled.
LookedUp look_up(const Address& address);

/// One at least. Throws Error that begins with `what`.
std::vector<SocketAddress> addresses_of(LookedUp answer, const std::string& what);

/// Both.
std::vector<SocketAddress> look_up(const Address& address, const std::string& what);

/// Listening TCP sockets, non-blocking, close-on-exec, SO_REUSEADDR: one for each address of the name that this machine
/// has, one at least. All have the same port, also where port 0 lets the system pick it. Throws Error ("cannot listen
/// on ...").
std::vector<UniqueFd> listen_on(const Address& address);

/// The address a socket is bound to, with the port the system picked where port 0 was asked for.
Address bound_address(int socket);

/// The address of the other end, for log lines.
std::string peer_name(int socket);

/// Starts to connect: non-blocking, close-on-exec. The socket becomes writable when the outcome is known, then ask
/// connect_error(). Throws Error with the reason when there is nothing to wait for.
UniqueFd start_connect(const SocketAddress& address);

/// 0 when connected, otherwise the errno of the failure (SO_ERROR, socket(7)).
int connect_error(int socket);

/// What every connection of md2 gets: no delay for small messages (tcp(7) TCP_NODELAY), and a peer that is gone without
/// a word is noticed within minutes (SO_KEEPALIVE), or when the system gives up sending again (tcp_retries2).
void set_connection_options(int socket);

/// For a peer that always reads: 60 s without it taking what was sent are the end (TCP_USER_TIMEOUT). Not for the
/// server's side: Linux counts a closed window as well, and who reads the diary in a pager may leave it closed all day.
void expect_quick_reader(int socket);

/// Bytes given to the socket that the other end's system has not taken yet (SIOCOUTQ, tcp(7)).
std::size_t unacknowledged(int socket);

}  // namespace md2
