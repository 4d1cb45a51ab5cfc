#include "client/commands/year_map.h"

#include <array>
#include <cstddef>

#include "client/page/calendar_names.h"
#include "common/text/cluster.h"

namespace md2 {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month;

constexpr std::size_t name_columns = 3;
constexpr std::size_t week_columns = 2;
constexpr std::size_t longest_name = 7;  ///< of a month, in columns: the shortest has 4 weeks

std::string week_cell(Date day, const DayLook& look) {
  const std::uint64_t entries = look.days.on(day);
  const int level = look.shades.level(entries);
  const bool today = day == look.today;
  if (level == 0 && day > look.today) return "  ";
  if (look.colour) return shaded(today ? "[]" : level == 0 ? ". " : "  ", level);
  return {sign_of_level(level), today ? '<' : ' '};
}

std::size_t week_of(sys_days day, sys_days first_monday) {
  return static_cast<std::size_t>((day - first_monday).count()) / days_of_week;
}

std::string months(year_month first, year_month last, sys_days first_monday) {
  std::string line(name_columns, ' ');
  for (year_month month = first; month <= last; month += std::chrono::months(1)) {
    const std::size_t at = name_columns + week_columns * week_of(sys_days{month / 1}, first_monday);
    const std::size_t columns = columns_of_line(line);
    line.append(at > columns ? at - columns : 0, ' ');
    line += fitted(short_month_name(static_cast<int>(unsigned{month.month()})), longest_name);
    line.erase(line.find_last_not_of(' ') + 1);
    line += ' ';
  }
  return line;
}

}  // namespace

std::string year_map(year_month first, year_month last, const DayLook& look) {
  const sys_days begin{first / 1};
  const sys_days end{last / std::chrono::last};
  const sys_days first_monday = begin - std::chrono::days(std::chrono::weekday{begin}.iso_encoding() - 1);
  std::array<std::string, days_of_week> rows;
  for (std::size_t i = 0; i < days_of_week; ++i) {
    rows[i] = two_columns_of_weekday(static_cast<int>((i + 1) % days_of_week)) + ' ';
  }
  std::size_t row = 0;
  for (sys_days day = first_monday; day <= end; day += std::chrono::days(1)) {
    rows[row] += day < begin ? std::string(week_columns, ' ') : week_cell(to_date(day), look);
    row = (row + 1) % days_of_week;
  }
  std::string out = months(first, last, first_monday);
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
  for (std::string& line : rows) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace md2
