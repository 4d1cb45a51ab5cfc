#include "client/link/connector.h"

#include <doctest/doctest.h>

#include <string>

#include "common/os/error.h"
#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

struct ConnectorFixture {
  Exchange exchange;
  Connector connector{exchange, {1h, 1h}};

  UniqueFd connect(const Address& address) { return connector.connect(address, exchange.now() + 1h); }
};

}  // namespace

TEST_CASE_FIXTURE(ConnectorFixture, "connector: who listens is connected to, by number and by name") {
  const UniqueFd listener = listen_on_loopback();
  const std::string port = bound_address(listener.get()).port;
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    CAPTURE(host);
    connector.begin_pass();
    CHECK(connect({host, port}));
    REQUIRE(wait_readable(listener.get(), Deadline()));
    if (host == "127.0.0.1") CHECK_FALSE(connector.another("wrong"));  // there is no other
  }
  CHECK(exchange.take_events().empty());
}

TEST_CASE_FIXTURE(ConnectorFixture,
                  "connector: that nobody listens, or that there is no such name, is told with the address") {
  std::string port;
  {
    const UniqueFd listener = listen_on_loopback();
    port = bound_address(listener.get()).port;
  }
  CHECK_THROWS_WITH_AS(connect({"127.0.0.1", port}),
                       ("cannot connect to 127.0.0.1:" + port + ": Connection refused").c_str(), Error);
  CHECK_THROWS_WITH_AS(connect({"no-such-host.invalid", "1"}),
                       doctest::Contains("cannot connect to no-such-host.invalid:1: "), Error);
}

TEST_CASE_FIXTURE(ConnectorFixture, "connector: it ends when the link is to end") {
  exchange.stop();
  const UniqueFd listener = listen_on_loopback();
  CHECK_FALSE(connect(bound_address(listener.get())));
  CHECK_FALSE(connect({"no-such-host.invalid", "1"}));
}

TEST_CASE_FIXTURE(ConnectorFixture, "connector: no address is tried twice in one pass, and all are again in the next") {
  const UniqueFd listener = listen_on_loopback();
  const Address address = bound_address(listener.get());
  REQUIRE(connect(address));
  CHECK(connector.others() == 0);
  CHECK_FALSE(connector.another("it says nothing"));
  CHECK(connector.account(address) == "cannot connect to " + to_string(address) + ": it says nothing");
  CHECK_THROWS_WITH_AS(connect(address), connector.account(address).c_str(), Error);
  connector.begin_pass();
  CHECK(connect(address));
}

TEST_CASE_FIXTURE(ConnectorFixture, "connector: who listens is connected to even when the name took all the time") {
  const UniqueFd listener = listen_on_loopback();
  CHECK(connector.connect(bound_address(listener.get()), exchange.now() - 1h));
}
