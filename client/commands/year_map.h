#pragma once

#include <chrono>
#include <string>

#include "client/commands/month_sheet.h"

namespace md2 {

/// Columns of a year as year_map() draws it: the names of the days, and at most 54 weeks.
inline constexpr int year_map_columns = 3 + 54 * 2;

/// At most a year from the first of a month, a column for each week and a row for each day of it, in shades or signs:
///
///        Jan     Feb     Mar
///     Mo . . - . . # . .
///     Tu . . . + . . . .
///
/// `.` is a day without entries; what comes after today is blank. Today has `<` behind its sign, `[]` on its shade.
std::string year_map(std::chrono::year_month first, std::chrono::year_month last, const DayLook& look);

}  // namespace md2
