#include "client/commands/month_sheet.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/page/calendar_names.h"
#include "common/os/language.h"
#include "common/text/cluster.h"

namespace md2 {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int most_weeks = 6;  ///< that a month touches

std::string centred(const std::string& text, std::size_t columns) {
  const std::size_t width = columns_of_line(text);
  return fitted(std::string(width < columns ? (columns - width) / 2 : 0, ' ') + text, columns);
}

std::string heading(year_month month) {
  return tr("{0} {1:04}", month_name(static_cast<int>(unsigned{month.month()})), int{month.year()});
}

std::string weekdays(bool colour) {
  std::string line;
  for (int i = 0; i < days_of_week; ++i) {
    if (!colour || i > 0) line += ' ';
    line += two_columns_of_weekday((i + 1) % days_of_week);
    if (!colour) line += ' ';
  }
  return line;
}

std::string cell(Date day, const DayLook& look) {
  const int level = look.shades.level(look.days.on(day));
  const std::string number = fmt::format("{:2}", day.day);
  const bool today = day == look.today;
  if (look.colour) return today ? "\033[7m" + shaded(number, level) + "\033[27m" : shaded(number, level);
  return (today ? '>' : ' ') + number + (level == 0 ? ' ' : sign_of_level(level));
}

}  // namespace

sys_days to_day(Date date) {
  return std::chrono::year{date.year} / date.month / date.day;
}

Date to_date(sys_days day) {
  const year_month_day date{day};
  return {int{date.year()}, static_cast<int>(unsigned{date.month()}), static_cast<int>(unsigned{date.day()})};
}

std::size_t month_columns(bool colour) {
  return colour ? days_of_week * 3 - 1 : days_of_week * 4;
}

std::vector<std::string> month_sheet(year_month month, const DayLook& look) {
  const std::size_t columns = month_columns(look.colour);
  std::vector<std::string> lines{centred(heading(month), columns), weekdays(look.colour)};
  const sys_days first{month / 1};
  const sys_days last{month / std::chrono::last};
  const auto before = std::chrono::weekday{first}.iso_encoding() - 1;
  sys_days day = first - std::chrono::days(before);
  for (int week = 0; week < most_weeks; ++week) {
    std::string line;
    for (int i = 0; i < days_of_week; ++i, day += std::chrono::days(1)) {
      if (look.colour && i > 0) line += ' ';
      line += day < first || day > last ? std::string(look.colour ? 2 : 4, ' ') : cell(to_date(day), look);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string side_by_side(const std::vector<std::vector<std::string>>& blocks, std::size_t gap) {
  std::size_t rows = 0;
  for (const auto& block : blocks) rows = std::max(rows, block.size());
  std::string out;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i > 0) line.append(gap, ' ');
      line += row < blocks[i].size() ? blocks[i][row] : std::string(columns_of_line(blocks[i].front()), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace md2
