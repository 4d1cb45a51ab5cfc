#include "server/diary/recent.h"

#include <doctest/doctest.h>

#include <string>

using md2::RecentEntries;

TEST_CASE("an entry that was added is known from then on") {
  RecentEntries recent;
  recent.begin_at(100);
  CHECK_FALSE(recent.may_hold("a", 100));
  recent.add(100, "a");
  CHECK(recent.may_hold("a", 100));
  CHECK(recent.begin() == 100);
}

TEST_CASE("with more entries than are remembered, begin moves to the oldest one that is") {
  constexpr std::size_t capacity = RecentEntries::portion_size * RecentEntries::max_portions;
  RecentEntries recent;
  for (std::size_t i = 0; i < capacity; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.begin() == 0);
  CHECK(recent.may_hold("0", 0));
  recent.add(capacity * 10, "last");
  const std::uint64_t begin = recent.begin();
  CHECK(begin == RecentEntries::portion_size * 10);
  CHECK_FALSE(recent.may_hold("0", begin));
  for (std::uint64_t offset = begin; offset < capacity * 10; offset += 10) {
    CAPTURE(offset);
    const std::string entry = std::to_string(offset / 10);
    CHECK(recent.may_hold(entry, begin));
    CHECK(recent.may_hold(entry, offset));
  }
  CHECK(recent.may_hold("last", capacity * 10));
}

TEST_CASE("portions that end before SINCE are not looked into") {
  RecentEntries recent;
  for (std::size_t i = 0; i < 2 * RecentEntries::portion_size; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.may_hold("0", 0));
  CHECK_FALSE(recent.may_hold("0", RecentEntries::portion_size * 10));
}

TEST_CASE("a diary whose offsets begin anew leaves nothing known") {
  RecentEntries recent;
  recent.add(0, "a");
  recent.begin_at(50);
  CHECK_FALSE(recent.may_hold("a", 50));
  CHECK(recent.begin() == 50);
}
