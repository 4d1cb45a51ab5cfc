#include "server/listeners.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "common/os/error.h"
#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("listeners: a port that another program has is refused, or replaced by one that is free") {
  const UniqueFd taken = listen_on_loopback();
  const Address address = bound_address(taken.get());
  CHECK_THROWS_AS(Listeners(address, Listeners::Port::as_asked), Error);
  const Listeners listeners(address, Listeners::Port::or_any);
  CHECK(listeners.first() != to_string(address));
  CHECK(listeners.first().starts_with("127.0.0.1:"));
  CHECK(listeners.shown() == listeners.first());
}

TEST_CASE("listeners: clients come in until they are closed, and that nobody waits is told by errno") {
  Listeners listeners({"127.0.0.1", "0"}, Listeners::Port::as_asked);
  CHECK_FALSE(listeners.accept());
  CHECK(errno == EAGAIN);
  const UniqueFd client = start_connect_to(parse_address(listeners.first()));
  pollfd item{client.get(), POLLOUT, 0};
  REQUIRE(poll(&item, 1, Deadline().left()) == 1);
  CHECK(listeners.accept());
  listeners.close();
  CHECK(listeners.closed());
}

TEST_CASE("listeners: those that were handed over are all listened at, and the first one is how to get here") {
  std::vector<UniqueFd> passed;
  passed.push_back(listen_on_loopback());
  passed.push_back(listen_on_loopback());
  const Address second = bound_address(passed.back().get());
  const std::string first = to_string(bound_address(passed.front().get()));
  Listeners listeners(std::move(passed));
  CHECK(listeners.shown() == first);
  CHECK(listeners.first() == first);
  const UniqueFd client = start_connect_to(second);
  pollfd item{client.get(), POLLOUT, 0};
  REQUIRE(poll(&item, 1, Deadline().left()) == 1);
  CHECK(listeners.accept());
}
