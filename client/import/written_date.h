#pragma once

#include <optional>
#include <string_view>

#include "common/diary/timestamp.h"
#include "common/os/clock.h"

namespace md2 {

/// A date at the head of a line, as people and their programs write it, with what belongs to it: the day of the week,
/// in front or behind, also in brackets, and a time.
///
///     2019年3月5日 星期二 晴     2019年03月05日 周二 21:26     2019-03-05     2019/3/5     2019.3.5 下午9:26
///     5 March 2019             Tue, 5th Mar 2019             March 5, 2019  ## 2019-03-05 (heading of Markdown)
///     2019-03-05 21:26:03      2019-03-05T21:26:03+08:00     2019-03-05 09:26 PM
///
/// Only what can be read in one way: `05/03/2019` is two days.
struct WrittenDate {
  enum class Form { numbers, chinese, english };

  Form form = Form::numbers;
  Date date;
  std::optional<int> second_of_day;
  std::optional<int> offset_minutes;  ///< east of Greenwich, where it is written
  std::string_view rest;              ///< of the line, without blanks or a colon or comma in front of it
};

/// Nothing when the line does not begin so, or the calendar has no such day.
std::optional<WrittenDate> read_written_date(std::string_view line);

/// The moment that is meant; without a time, the first of the day. What bears no zone is in the user's.
Timestamp moment_of(const WrittenDate& written, Clock& clock);

/// A date in the order of some country, and nothing else: `Tuesday, 03/05/19`, `5.3.2019`. The day of the week decides
/// which is the month, or a full stop (the second), else it is the first.
std::optional<Date> read_country_date(std::string_view text);

/// True for one that only this rule decides: `03/05/2019`.
bool is_of_either_order(std::string_view country_date);

}  // namespace md2
