#include "client/commands/day_counts.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string counted_in(const std::string& diary) {
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  AnswerCount count;
  while (const auto item = reader.next()) count.add(*item);
  return count.text();
}

}  // namespace

TEST_CASE("days are counted wherever they stand, and given in order") {
  DayCounts counts;
  for (const Date day : {Date{2026, 12, 31}, {2015, 1, 1}, {2026, 12, 31}, {2015, 10, 28}, {2016, 2, 29}}) {
    counts.add(day);
  }
  CHECK(counts.entries() == 5);
  CHECK(counts.days() == 4);
  CHECK(counts.on({2026, 12, 31}) == 2);
  CHECK(counts.on({2026, 12, 30}) == 0);
  CHECK(counts.on({1999, 1, 1}) == 0);
  std::vector<Date> days;
  std::uint64_t sum = 0;
  counts.each([&](Date day, std::uint64_t entries) {
    days.push_back(day);
    sum += entries;
  });
  CHECK(days == std::vector<Date>{{2015, 1, 1}, {2015, 10, 28}, {2016, 2, 29}, {2026, 12, 31}});
  CHECK(sum == 5);
}

TEST_CASE("an answer's count says entries, days, and lines without a time that are not blank") {
  const std::string one = entry_on("2015-10-28", "a");
  CHECK(counted_in(one) == "1 entry on 1 day");
  CHECK(counted_in(one + one + entry_on("2016-01-01", "b")) == "3 entries on 2 days");
  CHECK(counted_in("old\n\n \n" + one) == "1 entry on 1 day, 1 line without a time");
  CHECK(counted_in("old\nolder\n") == "2 lines without a time");
  std::string many;
  for (int i = 0; i < 1234; ++i) many += one;
  CHECK(counted_in(many) == "1,234 entries on 1 day");
}

TEST_CASE("the day of an entry is its writer's, whatever the zone") {
  CHECK(counted_in("[2015-10-28 23:30:00.000000-11:00] a\n\n[2015-10-29 00:30:00.000000+14:00] b\n\n") ==
        "2 entries on 2 days");
}
