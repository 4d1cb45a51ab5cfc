#include "client/commands/tag_counts.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string tags_of(const std::string& diary, PageStyle style = {}, std::size_t room = 1 << 20) {
  TagCounts tags(room);
  tags.feed(diary);
  tags.finish();
  return tags.text(style);
}

}  // namespace

TEST_CASE("tags stand with the number of their entries, the most first and equal ones by name") {
  std::string diary;
  for (int i = 0; i < 12; ++i) diary += entry(i, i < 3 ? "x #to-do #日记" : "写完了#日记，睡觉");
  diary += entry(20, "#b #a");
  CHECK(tags_of(diary) == "12  #日记\n 3  #to-do\n 1  #a\n 1  #b\n");
}

TEST_CASE("a tag that an entry bears twice counts once, also with the full-width hash, and loose lines count") {
  CHECK(tags_of(entry(0, "#日记＃日记\n#日记") + "old #日记 #日记\n") == "2  #日记\n");
}

TEST_CASE("spellings that look the same are one tag, and capitals make another") {
  CHECK(tags_of(entry(0, "#café") + entry(1, "#cafe\u0301") + entry(2, "#Café") + entry(3, "#ｃafé #café")) ==
        "3  #café\n1  #Café\n");
}

TEST_CASE("an entry that was corrected counts once, with the tags that it has now") {
  CHECK(tags_of(entry(0, "#old #both") + correction(0, "#old #both", "#both #new") + entry(1, "#both")) ==
        "2  #both\n1  #new\n");
}

TEST_CASE("what is no tag is not counted, and a diary without any says so") {
  CHECK(tags_of(entry(0, "C# &#39; https://example.com/#part")) == "no tags\n");
  CHECK(TagCounts().empty());
}

TEST_CASE("a terminal with colours shows the tag as a page does, and nothing that it would obey") {
  CHECK(tags_of(entry(0, "#日记"), {80, true}) == "1  \033[36m#日记\033[39m\n");
  CHECK(tags_of("[2015-10-28 21:26:03.417293+08:00] #t\x1b[2J #to\u202ex\n\n") == "1  #t\n1  #to\n");
}

TEST_CASE("there is an end to the memory that tags take, and what is left out is said") {
  std::string diary;
  for (int i = 0; i < 100; ++i) diary += entry(i, "#first #n" + std::to_string(i));
  const std::string text = tags_of(diary, {}, 2000);
  CHECK(text.starts_with("100  #first\n  1  #n0\n"));
  CHECK(text.ends_with("further tags are not counted, for want of room: they stand in 92 places\n"));
}
