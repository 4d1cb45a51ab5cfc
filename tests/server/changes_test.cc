#include "server/changes.h"

#include <doctest/doctest.h>

using namespace md2;

namespace {

/// SINCE of a `write` by a client that has heard of so many changes.
std::uint64_t since_of(Changes& changes, std::uint64_t offset, std::uint64_t heard) {
  return changes.since_of({Verb::write, offset, "an entry", heard});
}

}  // namespace

TEST_CASE("a change is told with its floor and its number") {
  Changes changes;
  for (const std::uint64_t number : {1U, 2U, 3U}) {
    CAPTURE(number);
    const Message told = changes.tell(100 * number);
    CHECK(told.verb == Verb::since);
    CHECK(told.number == 100 * number);
    CHECK(told.second == number);
  }
}

TEST_CASE("an offset that a client heard of before a change is worth no more than the change's floor") {
  Changes changes;
  CHECK(since_of(changes, 1000, 0) == 1000);
  changes.tell(700);
  changes.tell(900);
  CHECK(since_of(changes, 1000, 0) == 700);
  CHECK(since_of(changes, 500, 0) == 500);
  CHECK(since_of(changes, 1000, 1) == 900);
  CHECK(since_of(changes, 1000, 2) == 1000);
  changes.tell(300);
  CHECK(since_of(changes, 1000, 2) == 300);
}

TEST_CASE("a client that says it has heard of more changes than it was told of has heard of those") {
  Changes changes;
  changes.tell(700);
  CHECK(since_of(changes, 1000, 17) == 1000);
  changes.tell(300);
  CHECK(since_of(changes, 1000, 1) == 300);
}

TEST_CASE("of a great many changes that a client has not answered none is forgotten, and few are kept") {
  Changes changes;
  changes.tell(100);
  for (std::uint64_t i = 1; i < 10 * Changes::most; ++i) changes.tell(1000 + i);
  CHECK(changes.kept() <= Changes::most);
  CHECK(since_of(changes, 5000, 10 * Changes::most - 1) == 1000 + 10 * Changes::most - 1);
  Changes others;
  for (std::uint64_t i = 0; i < 10 * Changes::most; ++i) others.tell(i == 3 ? 100 : 1000);
  CHECK(since_of(others, 5000, 2) == 100);
}
