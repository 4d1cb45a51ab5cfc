#include "server/hellos.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("a hello is new once, until enough others came") {
  Hellos hellos;
  CHECK(hellos.take(0));
  CHECK_FALSE(hellos.take(0));
  for (std::size_t other = 1; other < Hellos::most; ++other) REQUIRE(hellos.take(other));
  CHECK_FALSE(hellos.take(0));
  CHECK(hellos.take(Hellos::most));
  CHECK(hellos.take(0));
}
