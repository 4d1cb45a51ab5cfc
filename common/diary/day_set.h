#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/diary/timestamp.h"
#include "common/os/error.h"

namespace md2 {

/// What is meant as days and is none. The message is the reason only.
class DayError : public Error {
  using Error::Error;
};

/// Days of the calendar, as they stand in headers: written so they sort as text.
struct DaySet {
  std::string first, last;  ///< `2015-10-28`; a month may end with a day that it lacks (`2015-02-31`)
  std::string day_of_year;  ///< `10-28`: of all those only that day of each year; empty: all of them
  std::string but_year;     ///< `2026`: this year left out, and Feb 29 goes along with Feb 28; empty: no such thing

  /// `day` as in a header; empty for what has none, which no set holds.
  bool holds(std::string_view day) const;

  bool is_one_day() const { return first == last && day_of_year.empty(); }

  bool operator==(const DaySet&) const = default;
};

/// What somebody who asks calls days.
struct NamedDays {
  DaySet days;
  std::string wire;          ///< the same without what depends on the asker's calendar
  std::string_view kind;     ///< `a week`
  bool like_a_word = false;  ///< may have been meant as a word: more than digits and hyphens
};

/// The days that `text` means, in full width as well, to somebody whose calendar shows `today`; nothing for a word.
/// Throws DayError for what is meant as days and is none.
///
///     2015  2015-10  2015-10-28      2015/10/28, 2015.10, 2015年10月28日 as well
///     10-28  10月28日                that day of every year
///     today yesterday this-week ...  see day_names()
///     A..B  A..  ..B                 each one of the above but a day of every year
///     on-this-day  那年今日          today's day in other years; on the wire `on-this-day:2026-11-26`
std::optional<NamedDays> read_days(std::string_view text, Date today);

/// The days up to today that `-7d`, `-2w`, `-3m` mean: so many days, so many weeks, from the same day so many months
/// back, or the last of a shorter month. Nothing for what has another form. Throws DayError.
std::optional<NamedDays> read_last_days(std::string_view text, Date today);

/// A name of days that depend on the calendar.
struct DayName {
  enum class Span : std::uint8_t {
    day,
    week,  ///< from Monday
    month,
    year,
    weekday,      ///< the latest not after today
    on_this_day,  ///< not in a range
  };
  std::string_view name;
  Span span = Span::day;
  int number = 0;  ///< so many spans ago; of a weekday which, 0 is Sunday
};

/// All of them; those that are asked for most stand first.
std::span<const DayName> day_names();

}  // namespace md2
