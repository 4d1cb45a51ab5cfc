#include "common/net/socket.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "common/os/error.h"
#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

using namespace md2;
using test::listen_on_loopback;
using test::start_connect_to;

namespace {

/// Waits for the outcome of a connection attempt.
int outcome(const UniqueFd& socket) {
  pollfd item{socket.get(), POLLOUT, 0};
  REQUIRE(poll(&item, 1, test::Deadline().left()) == 1);
  return connect_error(socket.get());
}

int option(const UniqueFd& socket, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  REQUIRE(getsockopt(socket.get(), level, name, &value, &length) == 0);
  return value;
}

std::string address_fault_of(const char* text) {
  try {
    parse_address(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("an address is HOST:PORT, an IPv6 host in brackets") {
  const Address plain = parse_address("127.0.0.1:5000");
  CHECK(plain.host == "127.0.0.1");
  CHECK(plain.port == "5000");
  const Address six = parse_address("[::1]:0");
  CHECK(six.host == "::1");
  CHECK(six.port == "0");
  CHECK(parse_address("example.org:65535").host == "example.org");
  for (const char* text : {"127.0.0.1:5000", "[::1]:5000", "host:0"}) CHECK(to_string(parse_address(text)) == text);
}

TEST_CASE("what is not an address is refused with the reason") {
  CHECK(address_fault_of("localhost") == "'localhost' is not HOST:PORT: there is no colon");
  CHECK(address_fault_of(":5000") == "':5000' is not HOST:PORT: the host is missing");
  CHECK(address_fault_of("[]:5000") == "'[]:5000' is not HOST:PORT: the host is missing");
  CHECK(address_fault_of("::1:5000").find("an IPv6 address stands in brackets") != std::string::npos);
  for (const char* text : {"h:", "h:x", "h:-1", "h:+1", "h: 1", "h:65536", "h:5000x"}) {
    CAPTURE(text);
    CHECK(address_fault_of(text).find("the port is not a number from 0 to 65535") != std::string::npos);
  }
}

TEST_CASE("port 0 picks a port, and a client can connect to it") {
  const UniqueFd listener = listen_on_loopback();
  const Address address = bound_address(listener.get());
  CHECK(address.host == "127.0.0.1");
  CHECK(address.port != "0");
  const UniqueFd client = start_connect_to(address);
  CHECK(outcome(client) == 0);
  REQUIRE(test::wait_readable(listener.get(), test::Deadline()));
  const UniqueFd session(accept(listener.get(), nullptr, nullptr));
  REQUIRE(session);
  CHECK(peer_name(session.get()) == to_string(bound_address(client.get())));
}

TEST_CASE("sockets do not block and are not inherited") {
  const UniqueFd listener = listen_on_loopback();
  const UniqueFd client = start_connect_to(bound_address(listener.get()));
  for (const int fd : {listener.get(), client.get()}) {
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("a port that somebody else has is refused with the address and the reason") {
  const UniqueFd listener = listen_on_loopback();
  const Address address = bound_address(listener.get());
  CHECK_THROWS_WITH_AS(listen_on(address),
                       ("cannot listen on " + to_string(address) + ": Address already in use").c_str(), Error);
}

TEST_CASE("a name is listened on at all its addresses, with one port") {
  const auto addresses = look_up({"localhost", "0"}, "localhost");
  const auto listeners = listen_on({"localhost", "0"});
  CHECK_FALSE(listeners.empty());
  CHECK(listeners.size() <= addresses.size());
  for (const UniqueFd& listener : listeners) {
    CHECK(bound_address(listener.get()).port == bound_address(listeners.front().get()).port);
  }
  CHECK(is_numeric({"127.0.0.1", "1"}));
  CHECK(is_numeric({"::1", "1"}));
  CHECK_FALSE(is_numeric({"localhost", "1"}));
}

TEST_CASE("what the other end has not taken is counted") {
  const UniqueFd listener = listen_on_loopback();
  const UniqueFd client = start_connect_to(bound_address(listener.get()));
  REQUIRE(outcome(client) == 0);
  CHECK(unacknowledged(client.get()) == 0);
  const std::string bytes(1 << 16, 'x');
  while (send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
  }
  CHECK(unacknowledged(client.get()) > 0);
}

TEST_CASE("nobody listening is an outcome, a name without an address an error") {
  Address address;
  {
    const UniqueFd listener = listen_on_loopback();
    address = bound_address(listener.get());
  }
  CHECK(outcome(start_connect_to(address)) == ECONNREFUSED);
  CHECK_THROWS_AS(start_connect_to({"no-such-host.invalid", "1"}), Error);
}

TEST_CASE("a connection sends small messages at once and notices within minutes that the peer is gone") {
  const UniqueFd listener = listen_on_loopback();
  const UniqueFd client = start_connect_to(bound_address(listener.get()));
  set_connection_options(client.get());
  CHECK(option(client, IPPROTO_TCP, TCP_NODELAY) != 0);
  CHECK(option(client, SOL_SOCKET, SO_KEEPALIVE) != 0);
  CHECK(option(client, IPPROTO_TCP, TCP_KEEPIDLE) <= 120);
  CHECK(option(client, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0);  // a reader that takes nothing for an hour is no fault
  expect_quick_reader(client.get());
  CHECK(option(client, IPPROTO_TCP, TCP_USER_TIMEOUT) == 60'000);
}
