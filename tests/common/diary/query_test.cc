#include "common/diary/query.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/common/diary/asked.h"

using namespace md2;

namespace {

/// True when it is nothing but one word, phrase or tag.
bool is_word(const std::string& text) {
  const Query asked = query(text);
  return asked.parts.size() == 1 && asked.parts[0].literals.size() == 1 && asked.parts[0].days.empty() && !asked.last;
}

/// `2015-10-28` or `A..B`, what is no single range in words.
std::string days(const std::string& text) {
  const Query asked = query(text);
  if (asked.parts.size() != 1 || asked.parts[0].days.size() != 1 || !asked.parts[0].literals.empty()) return "no days";
  const DaySet& set = asked.parts[0].days[0];
  return (asked.parts[0].negated ? "not " : "") + (set.is_one_day() ? set.first : set.first + ".." + set.last) +
         (set.day_of_year.empty() ? "" : " " + set.day_of_year) + (set.but_year.empty() ? "" : " but " + set.but_year);
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
       {"2015-13", "2015-00",  "2015-1",      "2015-02-30", "2015-10-28-1", "5..",       "..",
        "..5",     "2015..x",  "2015...2016", "2016..2015", "10-28..11-02", "13-01",     "02-30",
        "1-2",     "-0",       "-",           "--x",        "a|-x",         "#",         "＃",
        "#a,b",    "##a",      "\"open",      "\"\"",       "-\"open",      "|",         "a|",
        "|a",      "a||b",     "-|",          "-0d",        "2015.13",      "2015/2/30", "2015年13月",
        "2月30日", "-2015-13", "a|2015-13"}) {
    CAPTURE(part);
    CHECK(fault(part).find("'" + part + "'") != std::string::npos);
    CHECK(fault("会议 " + part).find("'" + part + "'") != std::string::npos);
  }
}

TEST_CASE("what only resembles a date or a range is a word") {
  for (const std::string word : {"20", "20151028", "138-1234", "wait...", "...", "等等..", "a..b", "3.14", "2015.1.2.3",
                                 "2015/10.28", "10/28", "3月", "年月日", "2015年以后", "上周五", "todays", "a-b"}) {
    CAPTURE(word);
    CHECK(fault(word).empty());
    CHECK(is_word(word));
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
  CHECK(days("２０２６") == "2026-01-01..2026-12-31");
  CHECK(query("－１０").last == 10);
  CHECK(days("１０－２８") == "0000-01-01..9999-12-31 10-28");
  CHECK(fault("２０１５－１３").find("2015-13") != std::string::npos);
}

TEST_CASE("a word in full width goes over the wire as it was typed") {
  for (const std::string word : {"ＡＢＣ", "你好，世界", "\"ＴＯＤＡＹ\"", "＃标签", "#ＡＢＣ", "２０", "ａ－ａ"}) {
    CAPTURE(word);
    CHECK(wire_query(word, today) == word);
    CHECK(is_word(word));
  }
}

TEST_CASE("on the wire relative days are dates and all else is as it was") {
  CHECK(wire_query("今天  会议 \"today  x\" #昨天", today) == "2024-03-01 会议 \"today  x\" #昨天");
  CHECK(wire_query("yesterday..", today) == "2024-02-29..");
  CHECK(wire_query("2015..今天", today) == "2015..2024-03-01");
  CHECK(wire_query("-3 say\"so\"", today) == "-3 say\"so\"");
  CHECK_THROWS_AS(wire_query("2015-13", today), QueryError);
}

TEST_CASE("dates are understood as people write them, and go over the wire with hyphens") {
  for (const auto& row : {std::pair{"2026/11/25", "2026-11-25"},
                          {"2026/1/5", "2026-01-05"},
                          {"2026.11.25", "2026-11-25"},
                          {"2026.11", "2026-11"},
                          {"2026/11", "2026-11"},
                          {"2026年11月25日", "2026-11-25"},
                          {"2026年1月5号", "2026-01-05"},
                          {"2026年11月", "2026-11"},
                          {"2026年", "2026"},
                          {"11月25日", "11-25"},
                          {"２０２６／１１／２５", "2026-11-25"},
                          {"２０２６年１１月", "2026-11"},
                          {"2026年..2027/2/3", "2026..2027-02-03"},
                          {"2026.11..", "2026-11.."}}) {
    CAPTURE(row.first);
    CHECK(wire_query(row.first, today) == row.second);
    CHECK(days(row.first) == days(row.second));
  }
}

TEST_CASE("names of days, weeks, months and years are those of the asker's calendar") {
  // today is a Friday
  for (const auto& row : {std::pair{"前天", "2024-02-28"},
                          {"大前天", "2024-02-27"},
                          {"本周", "2024-02-26..2024-03-03"},
                          {"this-week", "2024-02-26..2024-03-03"},
                          {"上周", "2024-02-19..2024-02-25"},
                          {"这周", "2024-02-26..2024-03-03"},
                          {"上星期", "2024-02-19..2024-02-25"},
                          {"上个星期", "2024-02-19..2024-02-25"},
                          {"上礼拜", "2024-02-19..2024-02-25"},
                          {"这个月", "2024-03-01..2024-03-31"},
                          {"上个月", "2024-02-01..2024-02-29"},
                          {"last-week", "2024-02-19..2024-02-25"},
                          {"本月", "2024-03-01..2024-03-31"},
                          {"this-month", "2024-03-01..2024-03-31"},
                          {"上月", "2024-02-01..2024-02-29"},
                          {"Last-Month", "2024-02-01..2024-02-29"},
                          {"今年", "2024-01-01..2024-12-31"},
                          {"this-year", "2024-01-01..2024-12-31"},
                          {"去年", "2023-01-01..2023-12-31"},
                          {"last-year", "2023-01-01..2023-12-31"},
                          {"friday", "2024-03-01"},
                          {"周五", "2024-03-01"},
                          {"saturday", "2024-02-24"},
                          {"wednesday", "2024-02-28"},
                          {"周三", "2024-02-28"},
                          {"星期三", "2024-02-28"},
                          {"礼拜三", "2024-02-28"},
                          {"周日", "2024-02-25"},
                          {"星期天", "2024-02-25"},
                          {"礼拜天", "2024-02-25"},
                          {"monday", "2024-02-26"},
                          {"上周..", "2024-02-19.."},
                          {"..去年", "..2023-12-31"},
                          {"上周..周三", "2024-02-19..2024-02-28"}}) {
    CAPTURE(row.first);
    CHECK(wire_query(row.first, today) == row.second);
    CHECK(days(row.first) == days(row.second));
  }
}

TEST_CASE("on a Sunday the week began six days before") {
  CHECK(wire_query("本周", {2024, 3, 3}) == "2024-02-26..2024-03-03");
  CHECK(wire_query("本周", {2024, 3, 4}) == "2024-03-04..2024-03-10");
  CHECK(wire_query("sunday", {2024, 3, 3}) == "2024-03-03");
  CHECK(wire_query("上月", {2024, 1, 31}) == "2023-12-01..2023-12-31");
}

TEST_CASE("the last days, weeks and months end today; of a month that is shorter its last day begins them") {
  CHECK(wire_query("-7d", today) == "2024-02-24..2024-03-01");
  CHECK(wire_query("-1d", today) == "2024-03-01");
  CHECK(wire_query("－７Ｄ", today) == "2024-02-24..2024-03-01");
  CHECK(wire_query("-2w", today) == "2024-02-17..2024-03-01");
  CHECK(wire_query("-3m", today) == "2023-12-01..2024-03-01");
  CHECK(wire_query("-1m", {2023, 3, 31}) == "2023-02-28..2023-03-31");
  CHECK(wire_query("-12m", {2024, 2, 29}) == "2023-02-28..2024-02-29");
  for (const std::string all : {"-99999999999999999999d", "-4000000d", "-999999999w", "-99999999999m"}) {
    CAPTURE(all);
    CHECK(wire_query(all, today) == "0000-01-01..2024-03-01");
  }
  CHECK(fault("-0w").find("the least is -1w") != std::string::npos);
  CHECK_FALSE(query("-7d").parts[0].negated);
}

TEST_CASE("this day of other years is one word on the wire, and on Feb 28 has Feb 29 in it") {
  for (const std::string name : {"on-this-day", "那年今日", "on-this-day:2024-03-01"}) {
    CAPTURE(name);
    CHECK(wire_query(name, today) == "on-this-day:2024-03-01");
    CHECK(days(name) == "0000-01-01..9999-12-31 03-01 but 2024");
  }
  const DaySet set = Query::parse("那年今日", {2023, 2, 28}).parts[0].days[0];
  for (const char* day : {"2022-02-28", "2024-02-28", "2024-02-29"}) CHECK(set.holds(day));
  for (const char* day : {"2023-02-28", "2022-02-27", "2022-03-01", ""}) CHECK_FALSE(set.holds(day));
  CHECK_FALSE(Query::parse("02-28", today).parts[0].days[0].holds("2024-02-29"));
  CHECK_FALSE(fault("on-this-day:2024-02-30").empty());
  CHECK_FALSE(fault("那年今日..").empty());
}

TEST_CASE("a - in front of words, tags, phrases and days says that they must not be there; of digits it counts") {
  for (const std::string part : {"-x", "－x", "-#标签", "－＃标签", "-\"a b\"", "-“a b”", "-5°C", "-1x", "-7天"}) {
    CAPTURE(part);
    REQUIRE(query(part).parts.size() == 1);
    CHECK(query(part).parts[0].negated);
    CHECK(query(part).parts[0].literals.size() == 1);
    CHECK_FALSE(query(part).empty());
  }
  CHECK(days("-2015-10") == "not 2015-10-01..2015-10-31");
  CHECK(days("-today") == "not 2024-03-01");
  CHECK(query("-2015").last == 2015);
  CHECK(wire_query("-昨天 -x －y -\"z\" -#t", today) == "-2024-02-29 -x -y -\"z\" -#t");
  // A year alone would be a count.
  CHECK(wire_query("-2015年", today) == "-2015-01-01..2015-12-31");
  CHECK(days("-2015年") == days("-2015-01-01..2015-12-31"));
}

TEST_CASE("a | stands between words, phrases, tags and days, of which one must be there, or none behind a -") {
  const Query either = query("雨|\"a b\"|#t｜2015|上周");
  REQUIRE(either.parts.size() == 1);
  CHECK(either.parts[0].literals.size() == 3);
  CHECK(either.parts[0].days.size() == 2);
  CHECK_FALSE(either.parts[0].negated);
  CHECK(wire_query("雨|\"a b\"|#t｜2015|上周", today) == "雨|\"a b\"|#t|2015|2024-02-19..2024-02-25");
  CHECK(query("-a|b").parts[0].negated);
  CHECK(query("-a|b").parts[0].literals.size() == 2);
  CHECK(query("-5|3").parts[0].literals.size() == 2);
  CHECK(is_word("\"a|b\""));
  CHECK(query("\"a\"b").parts.size() == 2);
  std::string many = "a";
  for (std::size_t i = 1; i < max_query_parts; ++i) many += "|a";
  CHECK(fault(many).empty());
  CHECK(fault(many + "|a").find("33 parts") != std::string::npos);
}

TEST_CASE("a phrase may stand between the quotes of a Chinese input method") {
  for (const std::string phrase : {"“a b”", "”a b“", "＂a b＂", "“a b＂"}) {
    CAPTURE(phrase);
    CHECK(is_word(phrase));
    CHECK(wire_query(phrase, today) == "\"a b\"");
  }
  CHECK(wire_query("“say \"so\"”", today) == "“say \"so\"”");
  CHECK(wire_query("\"他说“好”\"", today) == "\"他说“好”\"");
  CHECK_FALSE(fault("“open\"").empty());
}

TEST_CASE("what may have been meant as a word has a note for who finds nothing") {
  const auto note = [](const std::string& text) { return query(text).note; };
  CHECK(note("上周") == "上周 means a week here; \"上周\" looks for the word");
  CHECK(note("会议 last-week 今年") == "last-week means a week here; \"last-week\" looks for the word");
  CHECK(note("2015.10") == "2015.10 means a month here; \"2015.10\" looks for the word");
  CHECK(note("-7d") == "-7d means a range of days here; \"-7d\" looks for the word");
  CHECK(note("-work") == "-work means without that word here; \"-work\" looks for the word");
  CHECK(note("a|b") == "a|b means any of these words here; \"a|b\" looks for the word");
  CHECK(note("-a|b") == "-a|b means none of these words here; \"-a|b\" looks for the word");
  for (const std::string clear : {"会议", "2015-10", "2015..2016", "10-28", "-10", "#t", "-#t", "#a|#b", "\"上周\"",
                                  "-\"上周\"", "-上周", "a|上周", ""}) {
    CAPTURE(clear);
    CHECK(note(clear) == "");
  }
}
