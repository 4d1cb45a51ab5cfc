#include "client/link/resolver.h"

#include <doctest/doctest.h>

#include "common/os/error.h"
#include "tests/support/deadline.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("resolver: a name is looked up elsewhere, once however often it is asked for, and can be asked for again") {
  Resolver resolver;
  for (int round = 0; round < 2; ++round) {
    CAPTURE(round);
    resolver.ask({"localhost", "5000"});
    const int fd = resolver.fd();
    resolver.ask({"localhost", "5000"});
    CHECK(resolver.fd() == fd);
    REQUIRE(wait_readable(fd, Deadline()));
    const auto found = resolver.take();
    REQUIRE(found);
    for (const SocketAddress& address : *found) CHECK(to_string(address).ends_with(":5000"));
  }
}

TEST_CASE("resolver: that there is no such name is told, and whoever asked may be gone before") {
  {
    Resolver resolver;
    resolver.ask({"no-such-host.invalid", "1"});
    REQUIRE(wait_readable(resolver.fd(), Deadline()));
    CHECK_THROWS_WITH_AS(resolver.take(), doctest::Contains("cannot connect to no-such-host.invalid:1: "), Error);
  }
  Resolver gone;
  gone.ask({"localhost", "1"});
}
