#include "client/prompt/on_this_day.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/diary/day_set.h"
#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What is told of a diary with these days when it answers the query.
std::string told(const std::vector<std::string>& days, Date today) {
  const DaySet wanted = read_days(OnThisDay::query, today)->days;
  OnThisDay answer(today);
  for (const std::string& day : days) {
    if (wanted.holds(day)) answer.feed(entry_on(day, "x"));
  }
  answer.finish();
  const std::string text = answer.text({});
  return text.empty() ? text : text.substr(0, text.size() - 1);
}

}  // namespace

TEST_CASE("the earlier years that have this day are named, each once, with how to see them") {
  CHECK(told({"2015-11-26"}, {2026, 11, 26}) == "this day in 2015: /on-this-day or /那年今日");
  CHECK(told({"2024-11-26", "2015-11-26", "2015-11-26", "2019-11-26"}, {2026, 11, 26}) ==
        "this day in 2015, 2019 and 2024: /on-this-day or /那年今日");
}

TEST_CASE("this year, later years and other days are no reason to say anything") {
  CHECK(told({}, {2026, 11, 26}) == "");
  CHECK(told({"2026-11-26", "2027-11-26", "2015-11-25", "2015-10-26"}, {2026, 11, 26}) == "");
}

TEST_CASE("many years are counted") {
  std::vector<std::string> days;
  for (int year = 2009; year < 2026; ++year) days.push_back(fmt::format("{}-11-26", year));
  CHECK(told(days, {2026, 11, 26}) == "this day in 17 years since 2009: /on-this-day or /那年今日");
}

TEST_CASE("on February 28 the 29th goes along, and on the 29th only that day") {
  CHECK(told({"2012-02-29", "2015-02-28"}, {2026, 2, 28}).starts_with("this day in 2012 and 2015: "));
  CHECK(told({"2012-02-28", "2012-02-29"}, {2026, 2, 28}).starts_with("this day in 2012: "));
  CHECK(told({"2012-02-28", "2016-02-29"}, {2024, 2, 29}).starts_with("this day in 2016: "));
}

TEST_CASE("the line is quiet where there are colours, and broken where the terminal is narrow") {
  OnThisDay answer({2026, 11, 26});
  answer.feed(entry_on("2015-11-26", "x") + "loose\n");
  answer.finish();
  CHECK(answer.text({80, true}) == "\033[2mthis day in 2015: /on-this-day or /那年今日\033[22m\n");
  const std::string narrow = answer.text({20, false});
  CHECK(narrow.starts_with("this day in 2015:\n/on-this-day or "));
  for (const std::string_view row : Lines(narrow)) CHECK(columns_of_line(row) <= 20);
}
