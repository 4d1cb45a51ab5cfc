#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "client/commands/day_counts.h"
#include "client/commands/shades.h"

namespace md2 {

inline constexpr int days_of_week = 7;

/// What is shown of days, and how.
struct DayLook {
  const DayCounts& days;
  const Shades& shades;
  Date today;
  bool colour = false;
};

std::chrono::sys_days to_day(Date date);
Date to_date(std::chrono::sys_days day);

/// A month as cal(1) prints it, weeks from Monday:
///
///         October 2015                    October 2015
///     Mo Tu We Th Fr Sa Su         Mo  Tu  We  Th  Fr  Sa  Su
///               1  2  3  4                      1   2-  3   4
///      5  6  7  8  9 10 11          5   6   7#  8   9  10 >11+
///
/// On the left the days are shaded and today is inverse; on the right there are no colours, and a sign stands behind
/// the day and `>` before today. Each line has month_columns(); a blank line stands for a week that the month lacks.
std::vector<std::string> month_sheet(std::chrono::year_month month, const DayLook& look);
std::size_t month_columns(bool colour);

/// Blocks of lines next to each other, `gap` columns apart, without blanks at the ends of lines. Each line of a block
/// has the columns of its first one.
std::string side_by_side(const std::vector<std::vector<std::string>>& blocks, std::size_t gap);

}  // namespace md2
