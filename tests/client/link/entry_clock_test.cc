#include "client/link/entry_clock.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("a clock never gives one microsecond twice and never goes backwards") {
  EntryClock clock;
  Timestamp last = clock.next();
  for (int i = 0; i < 10000; ++i) {
    const Timestamp next = clock.next();
    CAPTURE(i);
    REQUIRE(next.micros > last.micros);
    last = next;
  }
}
