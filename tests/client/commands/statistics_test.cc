#include "client/commands/statistics.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string statistics_of(const std::string& diary, Date today, PageStyle style = {}) {
  Statistics statistics(today);
  statistics.feed(diary);
  statistics.finish();
  return statistics.text(style);
}

/// What stands behind the label.
std::string fact(const std::string& text, const std::string& label) {
  for (const std::string_view line : Lines(text)) {
    if (line.starts_with(label)) return std::string(line.substr(10));
  }
  return {};
}

std::string run_of(const std::string& diary, Date today) {
  return fact(statistics_of(diary, today), "in a row");
}

}  // namespace

TEST_CASE("statistics tell entries, days, text, the first and the last") {
  const std::string text = statistics_of("[2015-10-29 23:10:00.000000+08:00] 今天写了two words\n\n" +
                                             entry_on("2015-10-28", "雪") + entry_on("2015-10-28", "雨"),
                                         {2026, 11, 26});
  CHECK(fact(text, "entries") == "3 on 2 days");
  CHECK(fact(text, "text") == "6 Chinese characters and 2 words of other scripts");
  CHECK(fact(text, "first") == "2015-10-28 Wed 21:26");
  CHECK(fact(text, "last") == "2015-10-29 Thu 23:10");
  CHECK(fact(text, "in a row") == "none now; at most 2 days, from 2015-10-28 to 2015-10-29");
}

TEST_CASE("days in a row end where a day is missing, and go on over the end of a year") {
  std::string diary;
  for (const char* day :
       {"2015-12-30", "2015-12-31", "2016-01-01", "2016-01-03", "2016-02-28", "2016-02-29", "2016-03-01"})
    diary += entry_on(day, "x");
  CHECK(run_of(diary, {2026, 11, 26}) == "none now; at most 3 days, from 2015-12-30 to 2016-01-01");
  CHECK(run_of(diary, {2016, 3, 1}) == "3 days now; at most 3 days, from 2015-12-30 to 2016-01-01");
  CHECK(run_of(diary, {2016, 3, 2}).starts_with("3 days now; "));
  CHECK(run_of(diary, {2016, 3, 3}).starts_with("none now; "));
  CHECK(run_of(entry_on("2016-01-03", "x"), {2016, 1, 3}) == "1 day now; at most 1 day");
}

TEST_CASE("an entry of tomorrow does not hide the run that goes on now") {
  CHECK(run_of(entry_on("2016-01-02", "x") + entry_on("2016-01-03", "x"), {2016, 1, 2})
            .starts_with("1 day now; at most 2"));
}

TEST_CASE("weekdays and hours have bars, of which the longest is as long as there is room") {
  std::string diary;
  for (int i = 0; i < 4; ++i) diary += entry_on("2015-10-28", "x");
  diary += "[2015-10-25 00:10:00.000000+08:00] x\n\n";
  const std::string text = statistics_of(diary, {2026, 11, 26}, {40, false});
  CHECK(text.find("\nWed  4  ################################\n") != std::string::npos);
  CHECK(text.find("\nSun  1  ########\n") != std::string::npos);
  CHECK(text.find("\nMon  0\n") != std::string::npos);
  CHECK(text.find("\n00  1  ########\n") != std::string::npos);
  CHECK(text.find("\n21  4  #################################\n") != std::string::npos);
  CHECK(text.ends_with("\n23  0\n"));
}

TEST_CASE("where there is room weekdays and both halves of the day stand side by side, and no row is too wide") {
  const std::string diary = entry_on("2015-10-28", "x");
  for (const int columns : {20, 40, 75, 76, 80, 200}) {
    CAPTURE(columns);
    const std::string text = statistics_of(diary, {2026, 11, 26}, {columns, false});
    for (const std::string_view row : Lines(text)) {
      CAPTURE(row);
      CHECK(columns_of_line(row) <= static_cast<std::size_t>(columns));
    }
    const std::size_t monday = text.find("\nMon ");
    REQUIRE(monday != std::string::npos);
    const std::string line = text.substr(monday + 1, text.find('\n', monday + 1) - monday - 1);
    CHECK((line.find("00  0") != std::string::npos) == (columns >= 76));
    CHECK((line.find("12  0") != std::string::npos) == (columns >= 76));
  }
}

TEST_CASE("an entry that was corrected counts once, on its own day, with the text that it has now") {
  const std::string text =
      statistics_of(entry(0, "three old words") + correction(0, "three old words", "今天"), {2026, 11, 26});
  CHECK(fact(text, "entries") == "1 on 1 day");
  CHECK(fact(text, "text") == "2 Chinese characters and 0 words of other scripts");
  CHECK(fact(text, "last") == "2015-10-28 Wed 21:26");
}

TEST_CASE("lines without a time count as such, and for the words") {
  const std::string text = statistics_of("从前 once\n\n" + entry_on("2015-10-28", "x"), {2026, 11, 26});
  CHECK(fact(text, "entries") == "1 on 1 day, and 1 line without a time");
  CHECK(fact(text, "text") == "2 Chinese characters and 2 words of other scripts");
  const std::string loose = statistics_of("从前\n", {2026, 11, 26});
  CHECK(loose ==
        "entries   0, and 1 line without a time\ntext      2 Chinese characters and 0 words of other scripts\n");
}
