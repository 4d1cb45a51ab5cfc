#include "client/prompt/days.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace md2;

using Words = std::vector<std::string>;

TEST_CASE("years are completed from what they begin with, months behind a year, days behind a month") {
  Days days;
  for (const char* day : {"2016-01-02", "2015-10-28", "2015-10-28", "2015-10-09", "2015-11-30", "1999-12-31"}) {
    days.see(fmt::format("[{} 21:26:03.417293+08:00] text\n\n", day), true);
  }
  days.see("a loose line\n", false);
  CHECK(days.with_prefix("") == Words{"1999", "2015", "2016"});
  CHECK(days.with_prefix("20") == Words{"2015", "2016"});
  CHECK(days.with_prefix("2015") == Words{"2015-10", "2015-11"});
  CHECK(days.with_prefix("2015-1") == Words{"2015-10", "2015-11"});
  CHECK(days.with_prefix("2015-10") == Words{"2015-10-09", "2015-10-28"});
  CHECK(days.with_prefix("2015-10-2") == Words{"2015-10-28"});
  CHECK(days.with_prefix("2015-10-28") == Words{"2015-10-28"});
  CHECK(days.with_prefix("2017").empty());
  CHECK(days.with_prefix("x").empty());
}

TEST_CASE("of more days than are kept, the latest stay") {
  Days days;
  for (int i = 0; i < static_cast<int>(Days::max_days) + 400; ++i) {
    days.see(fmt::format("[{:04}-{:02}-{:02} ", 1000 + i / 360, 1 + i % 360 / 30, 1 + i % 30), true);
  }
  CHECK(days.with_prefix("1000").empty());
  CHECK(days.with_prefix("1001").size() == 11);
  CHECK(days.with_prefix("1002").size() == 12);
}
