#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

// Names in the user's language: of its catalogue, else of its locale (nl_langinfo(3): setlocale first), made harmless.
// Weekdays: 0 is Sunday.

/// As short as can be understood: `Wed`, but `星期三` where the short name would be `三`.
std::string weekday_name(int weekday);

/// What fits into two columns, as cal(1) has it: `We`, `三`.
std::string two_columns_of_weekday(int weekday);

/// `October`, in the form that stands alone. Months: 1 to 12.
std::string month_name(int month);

/// `Oct`.
std::string short_month_name(int month);

/// As much of a harmless text without newlines as fits into so many columns, and spaces up to there.
std::string fitted(std::string_view text, std::size_t columns);

}  // namespace md2
