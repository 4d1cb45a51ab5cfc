#include "client/commands/calendar.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr Date today{2026, 11, 26};

std::string calendar_of(const std::string& diary, PageStyle style, Calendar::Range range) {
  Calendar calendar(today, range);
  calendar.feed(diary);
  calendar.finish();
  return calendar.text(style);
}

/// What stands at the beginning of the line that holds `name`, and how many months that line has.
std::ptrdiff_t months_in_first_row(const std::string& text) {
  const std::string_view weekdays = std::string_view(text).substr(text.find("Mo"));
  const std::string_view line = weekdays.substr(0, weekdays.find('\n'));
  std::ptrdiff_t count = 0;
  for (std::size_t at = line.find("Mo"); at != line.npos; at = line.find("Mo", at + 1)) ++count;
  return count;
}

std::string months_of_2015() {
  std::string diary;
  for (int month = 1; month <= 12; ++month) diary += entry_on(fmt::format("2015-{:02}-03", month), "x");
  return diary;
}

constexpr auto found = Calendar::Range::what_was_found;
constexpr auto last_year = Calendar::Range::last_year;

}  // namespace

TEST_CASE("as many months as fit stand side by side, and no row is wider than the terminal") {
  const std::string diary = entry_on("2015-01-03", "x") + entry_on("2015-02-03", "x") + entry_on("2015-03-03", "x") +
                            entry_on("2015-04-03", "x");
  struct Case {
    int columns;
    bool colour;
    std::ptrdiff_t months;
  };
  for (const Case& c :
       {Case{40, true, 1}, {42, true, 2}, {80, true, 3}, {200, true, 4}, {40, false, 1}, {80, false, 2}}) {
    CAPTURE(c.columns);
    CAPTURE(c.colour);
    const std::string text = calendar_of(diary, {c.columns, c.colour}, found);
    CHECK(months_in_first_row(text) == c.months);
    if (c.colour) continue;
    for (const std::string_view row : Lines(text)) CHECK(columns_of_line(row) <= static_cast<std::size_t>(c.columns));
  }
}

TEST_CASE("what goes to no terminal has 80 columns") {
  const std::string text = calendar_of(
      entry_on("2015-01-03", "x") + entry_on("2015-02-03", "x") + entry_on("2015-03-03", "x"), {0, false}, found);
  CHECK(months_in_first_row(text) == 2);
}

TEST_CASE("only months with entries are shown, and below them what the shades mean and the sum") {
  const std::string text = calendar_of(
      entry_on("2015-10-28", "x") + entry_on("2026-11-26", "y") + entry_on("2026-11-26", "z"), {80, false}, found);
  CHECK(text.find("October 2015") != std::string::npos);
  CHECK(text.find("November 2026") != std::string::npos);
  CHECK(text.find("28-") != std::string::npos);
  CHECK(text.find(">26#") != std::string::npos);
  CHECK(text.find("November 2015") == std::string::npos);
  CHECK(text.ends_with("\n\nentries a day:  - 1  # 2\n3 entries on 2 days\n"));
}

TEST_CASE("more than six months are a map of their year where the terminal is wide, else months") {
  const std::string diary = months_of_2015() + entry_on("2024-02-29", "x");
  const std::string wide = calendar_of(diary, {111, false}, found);
  CHECK(wide.starts_with("2015\n   Jan     Feb"));
  CHECK(wide.find("\n2024\n   Jan") != std::string::npos);
  CHECK(wide.find("2016") == std::string::npos);
  CHECK(calendar_of(diary, {110, false}, found).find("October 2015") != std::string::npos);
  CHECK(calendar_of(entry_on("2015-01-03", "x"), {200, false}, found).starts_with("        January 2015"));
}

TEST_CASE("without a query it is the twelve months up to this one, whatever they hold") {
  CHECK(Calendar::query_of_last_year(today) == "2025-12..2026-11");
  CHECK(Calendar::query_of_last_year({2026, 1, 31}) == "2025-02..2026-01");
  const std::string diary = entry_on("2026-11-25", "x");
  const std::string wide = calendar_of(diary, {120, false}, last_year);
  CHECK(wide.starts_with("   Dec     Jan"));
  CHECK(wide.ends_with("\nentries a day:  - 1\n1 entry on 1 day\n"));
  const std::string narrow = calendar_of(diary, {80, true}, last_year);
  CHECK(months_in_first_row(narrow) == 3);
  CHECK(narrow.find("December 2025") != std::string::npos);
  CHECK(narrow.find("November 2026") != std::string::npos);
}

TEST_CASE("lines without a time have no day, and are only counted") {
  CHECK(calendar_of("old\n", {80, false}, found).ends_with("1 line without a time\n"));
}
