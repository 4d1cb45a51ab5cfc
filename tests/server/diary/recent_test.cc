#include "server/diary/recent.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

using md2::Recent;

TEST_CASE("an entry that was added is known from then on, with its place") {
  Recent recent;
  recent.begin_at(100, "");
  CHECK_FALSE(recent.find("a"));
  recent.add(100, "a");
  CHECK(recent.find("a") == 100);
  CHECK(recent.begin() == 100);
}

TEST_CASE("with more entries than are remembered, begin moves to the oldest one that is") {
  constexpr std::size_t capacity = Recent::max_entries;
  Recent recent;
  for (std::size_t i = 0; i < capacity; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.begin() == 0);
  CHECK(recent.find("0") == 0);
  recent.add(capacity * 10, "last");
  CHECK(recent.begin() == 10);
  CHECK_FALSE(recent.find("0"));
  for (std::uint64_t offset = 10; offset < capacity * 10; offset += 10) {
    CAPTURE(offset);
    CHECK(recent.find(std::to_string(offset / 10)) == offset);
  }
  CHECK(recent.find("last") == capacity * 10);
}

TEST_CASE("of an entry that stands twice the last place is known, and stays so when the first is forgotten") {
  Recent recent;
  recent.add(0, "twice");
  recent.add(10, "twice");
  CHECK(recent.find("twice") == 10);
  for (std::size_t i = 2; i <= Recent::max_entries; ++i) recent.add(i * 10, std::to_string(i));
  CHECK(recent.begin() == 10);
  CHECK(recent.find("twice") == 10);
}

TEST_CASE("entries that were not appended after all are forgotten") {
  Recent recent;
  recent.add(0, "a");
  recent.add(10, "b");
  recent.add(20, "c");
  recent.forget_from(10);
  CHECK(recent.find("a") == 0);
  CHECK_FALSE(recent.find("b"));
  CHECK_FALSE(recent.find("c"));
}

TEST_CASE("an entry that stood before another copy of it was added is known again when that is forgotten") {
  Recent recent;
  recent.add(0, "twice");
  recent.add(10, "twice", Recent::By::others);
  CHECK_FALSE(recent.is_ours("twice"));
  recent.forget_from(10);
  CHECK(recent.find("twice") == 0);
  CHECK(recent.is_ours("twice"));
}

TEST_CASE("what is remembered is the same after any adding and forgetting") {
  Recent recent;
  std::map<std::string, std::uint64_t> stands;
  std::uint64_t end = 0;
  const auto text = [](std::uint64_t offset) { return std::to_string(offset); };
  for (std::uint64_t i = 0; i < 100000; ++i) {
    recent.add(end, text(end));
    stands[text(end)] = end;
    end += 10;
    if (i % 7 != 0) continue;
    const std::uint64_t back = std::min(end, i % 5 * 10);
    for (std::uint64_t gone = end - back; gone < end; gone += 10) stands.erase(text(gone));
    end -= back;
    recent.forget_from(end);
  }
  std::size_t known = 0;
  for (std::uint64_t offset = 0; offset < end + 100; offset += 10) {
    const auto there = recent.find(text(offset));
    const bool remembered = offset >= recent.begin() && stands.contains(text(offset));
    CHECK(there.has_value() == remembered);
    if (there) CHECK(*there == offset);
    known += there ? 1 : 0;
  }
  CHECK(known > Recent::max_entries / 2);
}

TEST_CASE("a diary whose offsets begin anew leaves nothing known") {
  Recent recent;
  recent.add(0, "a");
  recent.begin_at(50, "");
  CHECK_FALSE(recent.find("a"));
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
