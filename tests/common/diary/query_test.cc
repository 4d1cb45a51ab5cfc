#include "common/diary/query.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "common/net/message.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr Date today{2024, 3, 1};

Query query(const std::string& text) {
  return Query::parse(text, today);
}

bool finds(const std::string& text, const std::string& in, const std::string& day = "2015-10-28") {
  return query(text).matches(entry_on(day, in), true);
}

bool finds_day(const std::string& text, const std::string& day) {
  return finds(text, "x", day);
}

/// What parsing says is wrong with the query; empty when nothing is.
std::string fault(const std::string& text) {
  try {
    query(text);
    return {};
  } catch (const QueryError& error) {
    return error.what();
  }
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

TEST_CASE("ASCII letters have no case unless one of the word is a capital") {
  CHECK(finds("linux", "Linux"));
  CHECK(finds("linux", "LINUX"));
  CHECK_FALSE(finds("Linux", "linux"));
  CHECK(finds("用linux写", "用LiNuX写"));
  CHECK(finds("linux Debian", "LINUX on Debian"));
  CHECK_FALSE(finds("linux Debian", "Linux on debian"));
  CHECK_FALSE(finds("é", "É"));
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
  CHECK(query(" ").matches("\n", false));
  CHECK(finds("a　b\tc", "c b a"));
}

TEST_CASE("the last entries: the smallest number counts") {
  CHECK(query("-10").last() == 10);
  CHECK(query("-10 会议 -3").last() == 3);
  CHECK_FALSE(query("会议").last());
  CHECK(query("-99999999999999999999999999").last() == std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(query("-10").empty());
  CHECK(finds("-10", "x"));
}

TEST_CASE("a loose line has words and tags but no date, and an empty one only answers the empty query") {
  CHECK(query("old").matches("an old line\n", false));
  CHECK(query("#old").matches("an #old line", false));
  CHECK_FALSE(query("2015").matches("2015\n", false));
  CHECK_FALSE(query("10-28").matches("10-28\n", false));
  CHECK(query("-5").matches("x\n", false));
  CHECK_FALSE(query("-5").matches("\n", false));
  CHECK_FALSE(query("-5").matches(" \t\r\n", false));
}

TEST_CASE("a malformed part gets an error that shows it") {
  for (const std::string part :
       {"2015-13",     "2015-00",    "2015-1",       "2015-02-30", "2015-10-28-1", "5..",    "..",  "..5", "2015..x",
        "2015...2016", "2016..2015", "10-28..11-02", "13-01",      "02-30",        "1-2",    "-0",  "-",   "-x",
        "-1x",         "#",          "＃",           "#a,b",       "##a",          "\"open", "\"\""}) {
    CAPTURE(part);
    CHECK(fault(part).find("'" + part + "'") != std::string::npos);
    CHECK(fault("会议 " + part).find("'" + part + "'") != std::string::npos);
  }
}

TEST_CASE("what only resembles a date or a range is a word") {
  for (const std::string word : {"20", "20151028", "138-1234", "wait...", "...", "等等..", "a..b", "3.14", "2015年"}) {
    CAPTURE(word);
    CHECK(fault(word).empty());
    CHECK(finds(word, "x" + word + "x", "1999-01-01"));
  }
}

TEST_CASE("a query that is too long, has too many parts, is broken or holds controls is refused") {
  CHECK(fault(std::string(max_query, 'a')).empty());
  CHECK(fault(std::string(max_query + 1, 'a')).find("4097 bytes") != std::string::npos);
  CHECK_FALSE(fault("\xff").empty());
  CHECK_FALSE(fault("a\033b").empty());
  CHECK_FALSE(fault(std::string("a\0b", 3)).empty());
  std::string many;
  for (std::size_t i = 0; i < max_query_parts; ++i) many += "a ";
  CHECK(fault(many).empty());
  CHECK(fault(many + "a").find("33 parts") != std::string::npos);
}

TEST_CASE("on the wire relative days are dates and all else is as it was") {
  CHECK(wire_query("今天  会议 \"today  x\" #昨天", today) == "2024-03-01 会议 \"today  x\" #昨天");
  CHECK(wire_query("yesterday..", today) == "2024-02-29..");
  CHECK(wire_query("2015..今天", today) == "2015..2024-03-01");
  CHECK(wire_query("-3 say\"so\"", today) == "-3 say\"so\"");
  CHECK_THROWS_AS(wire_query("2015-13", today), QueryError);
}

TEST_CASE("every item that matches holds each of the required literals, the longest word first") {
  const auto required = [](const std::string& text) {
    std::vector<std::string> bytes;
    for (const Literal& literal : query(text).required_literals()) bytes.push_back(literal.bytes());
    return bytes;
  };
  using Literals = std::vector<std::string>;
  CHECK(required("2015 x 会议纪要") == Literals{"会议纪要", "x", "[2015-"});
  CHECK(required("2015-10") == Literals{"[2015-10-"});
  CHECK(required("2015-10-28") == Literals{"[2015-10-28"});
  CHECK(required("2015-10-01..2015-10-07") == Literals{"[2015-10-0"});
  CHECK(required("10-28") == Literals{"-10-28 "});
  CHECK(required("-10").empty());
  CHECK(required("\"a\n[b\" x") == Literals{"x"});
  CHECK(query("Work").required_literals().front().fold() == false);
  CHECK(query("#work").required_literals().front().fold() == true);
}

TEST_CASE("all places that match are found, in order and merged where they overlap") {
  std::vector<TextRange> ranges;
  auto find_all = [&](const std::string& text, const std::string& line) {
    query(text).find_all(line, ranges);
    return ranges;
  };
  using Ranges = std::vector<TextRange>;
  CHECK(find_all("ab", "xABxab") == Ranges{{1, 3}, {4, 6}});
  CHECK(find_all("abc bcd", "abcd e bcd") == Ranges{{0, 4}, {7, 10}});
  CHECK(find_all("#t x", "#tt x #t") == Ranges{{4, 5}, {6, 8}});
  CHECK(find_all("2015 -3", "2015 -3").empty());
}
