#include "server/diary/recent.h"

#include <doctest/doctest.h>

#include <string>

using md2::Recent;

TEST_CASE("an entry that was added is known from then on") {
  Recent recent;
  recent.begin_at(100, "");
  CHECK_FALSE(recent.may_contain("a", 100));
  recent.add(100, "a");
  CHECK(recent.may_contain("a", 100));
  CHECK(recent.begin() == 100);
}

TEST_CASE("with more entries than are remembered, begin moves to the oldest one that is") {
  constexpr std::size_t capacity = Recent::segment_size * Recent::max_segments;
  Recent recent;
  for (std::size_t i = 0; i < capacity; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.begin() == 0);
  CHECK(recent.may_contain("0", 0));
  recent.add(capacity * 10, "last");
  const std::uint64_t begin = recent.begin();
  CHECK(begin == Recent::segment_size * 10);
  CHECK_FALSE(recent.may_contain("0", begin));
  for (std::uint64_t offset = begin; offset < capacity * 10; offset += 10) {
    CAPTURE(offset);
    const std::string entry = std::to_string(offset / 10);
    CHECK(recent.may_contain(entry, begin));
    CHECK(recent.may_contain(entry, offset));
  }
  CHECK(recent.may_contain("last", capacity * 10));
}

TEST_CASE("segments that end before SINCE are not looked into") {
  Recent recent;
  for (std::size_t i = 0; i < 2 * Recent::segment_size; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.may_contain("0", 0));
  CHECK_FALSE(recent.may_contain("0", Recent::segment_size * 10));
}

TEST_CASE("a diary whose offsets begin anew leaves nothing known") {
  Recent recent;
  recent.add(0, "a");
  recent.begin_at(50, "");
  CHECK_FALSE(recent.may_contain("a", 50));
  CHECK(recent.begin() == 50);
}

TEST_CASE("the end of the diary is known again, however it came there") {
  Recent recent;
  CHECK(recent.tail().empty());
  recent.begin_at(3, "ab\n");
  recent.append("c\n\n");
  CHECK(recent.tail() == "ab\nc\n\n");
  const std::string entry(2 * Recent::tail_length, 'x');
  recent.append(entry + "\n\n");
  CHECK(recent.tail() == entry.substr(0, Recent::tail_length - 2) + "\n\n");
  recent.append("y");
  CHECK(recent.tail() == entry.substr(0, Recent::tail_length - 3) + "\n\ny");
}

TEST_CASE("what was appended is kept while others write behind it, and taken once") {
  Recent recent;
  recent.append("a\n\n");
  recent.begin_at(100, "note\n\n");
  recent.append("b\n\n");
  CHECK(recent.take_appended() == "a\n\nb\n\n");
  CHECK(recent.take_appended().empty());
  CHECK(recent.tail() == "note\n\nb\n\n");
}
