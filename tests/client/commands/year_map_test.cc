#include "client/commands/year_map.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "common/text/cluster.h"
#include "common/text/lines.h"

using namespace md2;
using namespace std::chrono;

namespace {

std::vector<std::string> rows_of(const std::string& text) {
  std::vector<std::string> rows;
  for (const std::string_view row : Lines(text)) rows.emplace_back(row);
  return rows;
}

std::vector<std::string> map_of(const DayCounts& days, Date today, bool colour, year_month first, year_month last) {
  const Shades shades(days);
  return rows_of(year_map(first, last, {days, shades, today, colour}));
}

/// The cell of a day in rows without colours.
std::string cell_of(const std::vector<std::string>& rows, Date day, year_month first) {
  const sys_days begin{first / 1};
  const auto before = std::chrono::weekday{begin}.iso_encoding() - 1;
  const auto at = static_cast<std::size_t>((to_day(day) - begin).count()) + before;
  return (rows[1 + at % 7] + "   ").substr(3 + at / 7 * 2, 2);
}

}  // namespace

TEST_CASE("each day of a year has its cell, in the row of its weekday") {
  DayCounts days;
  days.add({2015, 1, 1});
  for (int i = 0; i < 2; ++i) days.add({2015, 10, 28});
  for (int i = 0; i < 9; ++i) days.add({2015, 12, 31});
  const auto rows = map_of(days, {2026, 11, 26}, false, 2015y / January, 2015y / December);
  REQUIRE(rows.size() == 9);  // the last is empty: the text ends in a newline
  CHECK(rows[0].starts_with("   Jan"));
  CHECK(rows[0].ends_with("Dec"));
  CHECK(rows[1].starts_with("Mo   . . "));
  CHECK(rows[4].starts_with("Th - . . "));
  for (sys_days day{2015y / 1 / 1}; day <= sys_days{2015y / 12 / 31}; day += std::chrono::days(1)) {
    const Date date = to_date(day);
    CAPTURE(date.month);
    CAPTURE(date.day);
    const std::uint64_t entries = days.on(date);
    CHECK(cell_of(rows, date, 2015y / January) == (entries == 0   ? ". "
                                                   : entries == 1 ? "- "
                                                   : entries == 2 ? "+ "
                                                                  : "# "));
  }
}

TEST_CASE("every year fits into the columns that a map has, and each month has its name") {
  for (int y = 2000; y < 2028; ++y) {
    CAPTURE(y);
    const auto rows = map_of({}, {2030, 1, 1}, false, year(y) / January, year(y) / December);
    for (const std::string& row : rows) CHECK(columns_of_line(row) <= static_cast<std::size_t>(year_map_columns));
    std::istringstream names(rows[0]);
    std::string name;
    int count = 0;
    while (names >> name) ++count;
    CHECK(count == 12);
  }
}

TEST_CASE("what comes after today is blank, and today is marked") {
  const auto rows = map_of({}, {2026, 11, 26}, false, 2025y / December, 2026y / November);
  CHECK(cell_of(rows, {2026, 11, 25}, 2025y / December) == ". ");
  CHECK(cell_of(rows, {2026, 11, 26}, 2025y / December) == ".<");
  CHECK(cell_of(rows, {2026, 11, 27}, 2025y / December) == "  ");
  CHECK(rows[0].starts_with("   Dec"));
  CHECK(rows[0].ends_with("Nov"));
}

TEST_CASE("with colours a day is two columns of its shade") {
  DayCounts days;
  days.add({2015, 1, 1});
  for (int i = 0; i < 9; ++i) days.add({2015, 1, 8});
  const auto rows = map_of(days, {2015, 1, 8}, true, 2015y / January, 2015y / December);
  CHECK(rows[4] == "Th " + shaded("  ", 1) + shaded("[]", 4));
}
