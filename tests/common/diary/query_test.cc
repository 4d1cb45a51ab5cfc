#include "common/diary/query.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

namespace {

constexpr Date today{2024, 3, 1};

Query query(const std::string& text) {
  return Query::parse(text, today);
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
    CHECK(query(word).literals.size() == 1);
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

TEST_CASE("digits, days and counts mean the same in full width and in capitals") {
  CHECK(wire_query("ＴＯＤＡＹ", today) == "2024-03-01");
  CHECK(wire_query("Today Yesterday..", today) == "2024-03-01 2024-02-29..");
  CHECK(wire_query("２０１５－１０．．ＴＯＤＡＹ", today) == "2015-10..2024-03-01");
  CHECK(wire_query("２０２６ １０－２８ －１０", today) == "2026 10-28 -10");
  CHECK(query("２０２６").first_day == "2026-01-01");
  CHECK(query("－１０").last == 10);
  CHECK(query("１０－２８").day_of_year == "10-28");
  CHECK(fault("２０１５－１３").find("2015-13") != std::string::npos);
}

TEST_CASE("a word in full width goes over the wire as it was typed") {
  for (const std::string word : {"ＡＢＣ", "你好，世界", "\"ＴＯＤＡＹ\"", "＃标签", "#ＡＢＣ", "２０", "－ａ"}) {
    CAPTURE(word);
    CHECK(wire_query(word, today) == word);
    CHECK(query(word).literals.size() == 1);
  }
}

TEST_CASE("on the wire relative days are dates and all else is as it was") {
  CHECK(wire_query("今天  会议 \"today  x\" #昨天", today) == "2024-03-01 会议 \"today  x\" #昨天");
  CHECK(wire_query("yesterday..", today) == "2024-02-29..");
  CHECK(wire_query("2015..今天", today) == "2015..2024-03-01");
  CHECK(wire_query("-3 say\"so\"", today) == "-3 say\"so\"");
  CHECK_THROWS_AS(wire_query("2015-13", today), QueryError);
}
