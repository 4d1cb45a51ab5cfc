#include "server/diary/same_entry.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using md2::is_behind_text;
using md2::longest_form;
using md2::may_be_same;
using md2::same_entry;
using md2::same_entry_hash;
using md2::same_lines;
using md2::without_end;

TEST_CASE("an entry is the same with the empty line behind it, without it, and before another header") {
  CHECK(same_entry("[h] a\nb", "[h] a\nb\n\n") == 9);
  CHECK(same_entry("[h] a\nb", "[h] a\nb\n") == 8);
  CHECK(same_entry("[h] a\nb", "[h] a\nb") == 7);
  CHECK(same_entry("[h] a", "[h] a\n[2015-10-28 21:26:03.000000+08:00] x\n\n") == 6);
}

TEST_CASE("a longer entry, a shorter one and another are not the same") {
  CHECK_FALSE(same_entry("[h] a", "[h] ab\n\n"));
  CHECK_FALSE(same_entry("[h] a", "[h] a\nb\n\n"));
  CHECK_FALSE(same_entry("[h] ab", "[h] a\n\n"));
  CHECK_FALSE(same_entry("[h] a b", "[h] ab\n\n"));
  CHECK_FALSE(same_entry("[h] a", ""));
}

TEST_CASE("the lines of an entry are the same whatever follows them, and nothing that goes on in its last line") {
  CHECK(same_lines("[h] a", "[h] a\nb\n\n") == 6);
  CHECK(same_lines("[h] a\nb", "[h] a \r\nb\r\nc\n") == 11);
  CHECK(same_lines("[h] a", "[h] a") == 5);
  CHECK_FALSE(same_lines("[h] a", "[h] ab\n"));
  CHECK_FALSE(same_lines("[h] a\nb", "[h] a\n"));
}

TEST_CASE("an entry stands behind text where the line before it is not empty") {
  CHECK(is_behind_text("a\n"));
  CHECK(is_behind_text("\na \r\n"));
  for (const char* const before : {"", "\n", "a\n\n", "a\r\n\r\n", "a\n \t\n", "  \n", "a"}) {
    CAPTURE(before);
    CHECK_FALSE(is_behind_text(before));
  }
}

TEST_CASE("blanks and carriage returns at the end of a line don't count, in either") {
  CHECK(same_entry("[h] a\n \nb", "[h] a\r\n\r\nb\r\n\r\n") == 14);
  CHECK(same_entry("[h] a\n \nb", "[h] a\n\nb\n\n"));
  CHECK(same_entry("[h] a  \nb", "[h] a\nb \t\n \n"));
  CHECK_FALSE(same_entry("[h] a\n b", "[h] a\nb\n\n"));
}

TEST_CASE("what ends an entry is not part of it") {
  CHECK(without_end("[h] a\n\n") == "[h] a");
  CHECK(without_end("[h] a\r\n\r\n") == "[h] a");
  CHECK(without_end("[h] a") == "[h] a");
  CHECK(longest_form("[h] a\nb") > 9);
}

TEST_CASE("entries that are the same have one hash") {
  for (const char* const text : {"[h] a\n \nb", "[h] a\r\n\r\nb\r\n\r\n", "[h] a\n\nb\n\n", "[h] a\t\n\nb \n\n"}) {
    CAPTURE(text);
    CHECK(same_entry_hash(text) == same_entry_hash("[h] a\n\nb"));
  }
  CHECK(same_entry_hash("[h] a\n b") != same_entry_hash("[h] a\nb"));
  CHECK(same_entry_hash("[h] a\rb") != same_entry_hash("[h] ab"));
}

TEST_CASE("no entry that is the same is ruled out by its first bytes") {
  std::mt19937 random(1);
  const auto make = [&] {
    std::string text = "[h] ";
    for (std::size_t size = random() % 8; size > 0; --size) text += "ab \t\r\n"[random() % 6];
    return text + "b";
  };
  int same = 0;
  for (int round = 0; round < 200'000; ++round) {
    const std::string text = make();
    const std::string diary = make() + "\n\n";
    if (!same_entry(text, diary)) continue;
    ++same;
    CAPTURE(text);
    CAPTURE(diary);
    for (std::size_t size = 0; size <= diary.size(); ++size) REQUIRE(may_be_same(text, diary.substr(0, size)));
  }
  CHECK(same > 100);
  CHECK_FALSE(may_be_same("[h] ab", "[h] aa\n\n"));
}
