#include "client/commands/calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/commands/month_sheet.h"
#include "client/commands/shades.h"
#include "client/commands/year_map.h"

namespace md2 {
namespace {

using std::chrono::year_month;

constexpr std::size_t month_gap = 2;       ///< columns between two months
constexpr std::size_t most_as_sheets = 6;  ///< months; more of them are seen better as maps
constexpr std::chrono::months eleven_months{11};

year_month month_of(Date date) {
  return std::chrono::year{date.year} / date.month;
}

std::string sheets(const std::vector<year_month>& months, const DayLook& look, int columns) {
  const std::size_t width = month_columns(look.colour) + month_gap;
  const std::size_t in_a_row = std::max<std::size_t>((static_cast<std::size_t>(columns) + month_gap) / width, 1);
  std::string out;
  std::vector<std::vector<std::string>> row;
  for (std::size_t i = 0; i < months.size(); ++i) {
    row.push_back(month_sheet(months[i], look));
    if (row.size() < in_a_row && i + 1 < months.size()) continue;
    out += side_by_side(row, month_gap);
    while (out.ends_with("\n\n")) out.pop_back();  // weeks that none of them has
    out += '\n';
    row.clear();
  }
  return out;
}

std::string map_with_heading(const std::string& heading, year_month first, year_month last, const DayLook& look) {
  return heading + '\n' + year_map(first, last, look) + '\n';
}

std::string year_maps(const std::vector<year_month>& months, const DayLook& look) {
  std::string out;
  for (std::size_t i = 0; i < months.size(); ++i) {
    const std::chrono::year year = months[i].year();
    if (i > 0 && months[i - 1].year() == year) continue;
    out += map_with_heading(fmt::format("{:04}", int{year}), year / 1, year / 12, look);
  }
  return out;
}

}  // namespace

std::string Calendar::query_of_last_year(Date today) {
  const year_month last = month_of(today);
  const year_month first = last - eleven_months;
  return fmt::format("{:04}-{:02}..{:04}-{:02}", int{first.year()}, unsigned{first.month()}, int{last.year()},
                     unsigned{last.month()});
}

/// Those that are shown.
Calendar::Months Calendar::months() const {
  Months months;
  if (range_ == Range::last_year) {
    for (year_month month = month_of(today_) - eleven_months; month <= month_of(today_);
         month += std::chrono::months(1))
      months.push_back(month);
    return months;
  }
  count_.days().each([&](Date day, std::uint64_t) {
    if (months.empty() || months.back() != month_of(day)) months.push_back(month_of(day));
  });
  return months;
}

std::string Calendar::text(PageStyle style) const {
  const int columns = style.columns == 0 ? columns_without_terminal : style.columns;
  const Shades shades(count_.days());
  const DayLook look{count_.days(), shades, today_, style.colour};
  const Months shown = months();
  std::string out;
  if (shown.size() <= most_as_sheets || columns < year_map_columns) {
    out = sheets(shown, look, columns);
  } else if (range_ == Range::last_year) {
    out = year_map(shown.front(), shown.back(), look) + '\n';
  } else {
    out = year_maps(shown, look);
  }
  if (count_.days().days() > 0) out += shades.legend(style.colour) + '\n';
  return out + quiet_line(count_.text(), style.colour);
}

}  // namespace md2
