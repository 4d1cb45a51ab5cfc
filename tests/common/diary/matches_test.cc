#include "common/diary/matches.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/common/diary/asked.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

bool finds(const std::string& text, const std::string& in, const std::string& day = "2015-10-28") {
  std::string scratch;
  return matches(query(text), entry_on(day, in), true, scratch);
}

/// The same for a line without a header.
bool matches_line(const std::string& text, const std::string& line) {
  std::string scratch;
  return matches(query(text), line, false, scratch);
}

bool finds_day(const std::string& text, const std::string& day) {
  return finds(text, "x", day);
}

}  // namespace

TEST_CASE("a year, a month and a day match the date as it stands in the header") {
  CHECK(finds_day("2015", "2015-01-01"));
  CHECK(finds_day("2015", "2015-12-31"));
  CHECK_FALSE(finds_day("2015", "2016-01-01"));
  CHECK(finds_day("2015-10", "2015-10-31"));
  CHECK_FALSE(finds_day("2015-10", "2015-11-01"));
  CHECK(finds_day("2015-10-28", "2015-10-28"));
  CHECK_FALSE(finds_day("2015-10-28", "2015-10-27"));
}

TEST_CASE("a range holds both its ends and may be open") {
  CHECK(finds_day("2015..2016-02", "2015-01-01"));
  CHECK(finds_day("2015..2016-02", "2016-02-29"));
  CHECK_FALSE(finds_day("2015..2016-02", "2016-03-01"));
  CHECK(finds_day("2015-10-28..", "9999-12-31"));
  CHECK_FALSE(finds_day("2015-10-28..", "2015-10-27"));
  CHECK(finds_day("..2015-10", "0000-01-01"));
  CHECK_FALSE(finds_day("..2015-10", "2015-11-01"));
  CHECK(finds_day("2024-02-29..2024-02-29", "2024-02-29"));
}

TEST_CASE("a day without a year is that day of every year") {
  CHECK(finds_day("10-28", "2015-10-28"));
  CHECK(finds_day("10-28", "1999-10-28"));
  CHECK_FALSE(finds_day("10-28", "2015-10-29"));
  CHECK(finds_day("02-29", "2024-02-29"));
  CHECK_FALSE(finds_day("10-28 10-29", "2015-10-28"));
}

TEST_CASE("today and yesterday are days of the asker's calendar") {
  for (const std::string word : {"today", "今天", "today..", "..今天", "yesterday..today"}) {
    CAPTURE(word);
    CHECK(finds_day(word, "2024-03-01"));
  }
  CHECK(finds_day("yesterday", "2024-02-29"));
  CHECK(finds_day("昨天", "2024-02-29"));
  CHECK_FALSE(finds_day("昨天", "2024-03-01"));
  CHECK(finds("\"today\"", "not today"));
  CHECK(finds("今天天气", "今天天气好"));
}

TEST_CASE("a word stands anywhere in the text, but the header is no text") {
  CHECK(finds("会议", "下午的会议很长"));
  CHECK_FALSE(finds("会议", "下午的会 议"));
  CHECK_FALSE(finds("\"2015\"", "x"));
  CHECK(finds("\"2015\"", "in 2015"));
  CHECK(finds("第二", "第一\n第二行"));
}

TEST_CASE("letters have no case unless one of the word is a capital") {
  CHECK(finds("linux", "Linux"));
  CHECK(finds("linux", "LINUX"));
  CHECK_FALSE(finds("Linux", "linux"));
  CHECK(finds("用linux写", "用LiNuX写"));
  CHECK(finds("linux Debian", "LINUX on Debian"));
  CHECK_FALSE(finds("linux Debian", "Linux on debian"));
  CHECK(finds("é", "É"));
  CHECK_FALSE(finds("É", "é"));
  CHECK(finds("caf\u00e9", "CAFE\u0301"));
  CHECK(finds("#caf\u00e9", "#Cafe\u0301"));
  CHECK(finds("ＴＯＤＯ", "TODO"));
}

TEST_CASE("all parts must match") {
  CHECK(finds("2015 会议 #工作", "会议 #工作"));
  CHECK_FALSE(finds("2016 会议 #工作", "会议 #工作"));
  CHECK_FALSE(finds("2015 会议 #家", "会议 #工作"));
  CHECK_FALSE(finds("2015 2016", "x"));
}

TEST_CASE("a phrase keeps its spaces and is found as it was written, escaped or not") {
  CHECK(finds("\"a  b\"", "xa  by"));
  CHECK_FALSE(finds("\"a  b\"", "a b"));
  CHECK(finds("\" [x]\"", "a\n  [x]"));
  CHECK_FALSE(finds("\"  [x]\"", "a\n  [x]"));  // stored with one more space than was written
  CHECK(finds("say\"so\"", "say\"so\""));
}

TEST_CASE("a tag is matched whole, with either hash and without a space before it") {
  CHECK(finds("#日记", "写完了#日记，睡觉"));
  CHECK(finds("#日记", "写完了＃日记。"));
  CHECK(finds("＃日记", "#日记"));
  CHECK_FALSE(finds("#日记", "#日记本"));
  CHECK_FALSE(finds("#日记", "日记"));
  CHECK(finds("#日记", "#日记本 #日记"));
  CHECK(finds("#work", "#Work"));
  CHECK_FALSE(finds("#Work", "#work"));
  CHECK_FALSE(finds("#to", "#to-do"));
}

TEST_CASE("spaces of any kind stand between parts, and a query of spaces asks for everything") {
  CHECK(query("").empty());
  CHECK(query(" \t　").empty());
  CHECK(matches_line(" ", "\n"));
  CHECK(finds("a　b\tc", "c b a"));
}

TEST_CASE("the last entries: the smallest number counts") {
  CHECK(query("-10").last == 10);
  CHECK(query("-10 会议 -3").last == 3);
  CHECK_FALSE(query("会议").last);
  CHECK(query("-99999999999999999999999999").last == std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(query("-10").empty());
  CHECK(finds("-10", "x"));
}

TEST_CASE("a loose line has words and tags but no date, and an empty one only answers the empty query") {
  CHECK(matches_line("old", "an old line\n"));
  CHECK(matches_line("#old", "an #old line"));
  CHECK_FALSE(matches_line("2015", "2015\n"));
  CHECK_FALSE(matches_line("10-28", "10-28\n"));
  CHECK(matches_line("-5", "x\n"));
  CHECK_FALSE(matches_line("-5", "\n"));
  CHECK_FALSE(matches_line("-5", " \t\r\n"));
}

TEST_CASE("what only resembles a date or a range is a word") {
  for (const std::string word : {"20", "20151028", "138-1234", "wait...", "...", "等等..", "a..b", "3.14"}) {
    CAPTURE(word);
    CHECK(finds(word, "x" + word + "x", "1999-01-01"));
  }
}

TEST_CASE("what must not be there rules an item out, and nothing else does") {
  CHECK(finds("-工作", "会议"));
  CHECK_FALSE(finds("-工作", "会议 工作"));
  CHECK(finds("-#工作", "工作，没有标签"));
  CHECK_FALSE(finds("-#工作", "#工作"));
  CHECK_FALSE(finds("-\"a b\"", "xa bx"));
  CHECK(finds("会议 -#工作", "会议 #家"));
  CHECK_FALSE(finds("会议 -#工作", "#家"));
  CHECK_FALSE(finds("会议 -#工作 -家", "会议 #家"));
  CHECK(finds_day("-2015-10-28", "2015-10-29"));
  CHECK_FALSE(finds_day("-2015-10-28", "2015-10-28"));
  CHECK_FALSE(finds_day("2015 -10-28", "2015-10-28"));
}

TEST_CASE("one of what stands beside a | is enough, and behind a - one is too much") {
  CHECK(finds("雨|雪", "下雪了"));
  CHECK(finds("雨|雪", "下雨了"));
  CHECK_FALSE(finds("雨|雪", "晴"));
  CHECK_FALSE(finds("-雨|雪", "下雪了"));
  CHECK(finds("-雨|雪", "晴"));
  CHECK(finds("#家|\"a b\"|2016", "a b"));
  CHECK(finds("#家|\"a b\"|2015", "x"));
  CHECK_FALSE(finds("#家|\"a b\"|2016", "家 a  b"));
  CHECK(finds("2014|2015 雨", "雨"));
  CHECK_FALSE(finds("2014|2016 雨", "雨"));
  CHECK_FALSE(finds("-x|2015", "y"));
}

TEST_CASE("a loose line has no date, so no day rules it out, and a blank one matches no query") {
  CHECK(matches_line("-2015", "-2015 last"));
  CHECK(matches_line("-2015-10", "x\n"));
  CHECK(matches_line("-x|2015", "y\n"));
  CHECK_FALSE(matches_line("-x|2015", "x\n"));
  CHECK(matches_line("old|2015", "an old line\n"));
  CHECK_FALSE(matches_line("-x", "  \n"));
  CHECK_FALSE(matches_line("on-this-day", "2015\n"));
}
