#include "server/recent.h"

#include <doctest/doctest.h>

#include <string>

using md2::RecentEntries;

TEST_CASE("an entry that was added is known from then on") {
  RecentEntries recent;
  recent.begin_at(100);
  CHECK_FALSE(recent.may_hold("a"));
  recent.add(100, "a");
  CHECK(recent.may_hold("a"));
  CHECK(recent.begin() == 100);
}

TEST_CASE("what did not come into the diary is forgotten, what came before stays") {
  RecentEntries recent;
  recent.add(0, "a");
  recent.add(10, "b");
  recent.add(20, "a");
  recent.forget_from(10);
  CHECK(recent.may_hold("a"));
  CHECK_FALSE(recent.may_hold("b"));
}

TEST_CASE("with more entries than are remembered, begin moves to the oldest one that is") {
  RecentEntries recent;
  for (std::size_t i = 0; i <= RecentEntries::capacity; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.begin() == 10);
  CHECK_FALSE(recent.may_hold("0"));
  CHECK(recent.may_hold("1"));
}

TEST_CASE("a diary whose offsets begin anew leaves nothing known") {
  RecentEntries recent;
  recent.add(0, "a");
  recent.begin_at(50);
  CHECK_FALSE(recent.may_hold("a"));
  CHECK(recent.begin() == 50);
}
