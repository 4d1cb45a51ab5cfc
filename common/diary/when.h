#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/diary/timestamp.h"
#include "common/os/clock.h"
#include "common/os/error.h"

namespace md2 {

/// What is meant as the time of an entry and can't be it. The message shows it, with the reason.
class WhenError : public Error {
  using Error::Error;
};

/// A line that says when, and what.
struct DatedLine {
  std::string_view when;
  std::string_view text;  ///< without blanks at either end
};

/// Takes WHEN from the beginning of a line: a word, and when that is no time of day, the next one if it is meant as
/// one. Nothing else of the line is looked at: a time is never read out of a text.
DatedLine split_when(std::string_view line);

/// The moment that `when` means to somebody who has that clock. It is a day, a time of day, or both, in this order:
///
///     2015-10-28  昨天  wednesday   a day as queries have it (common/diary/day_set.h), at the time of day that it is
///     now 21:26  21:26:03  ９：０５     the latest such time not after now; without seconds, those are 0 昨天 21:26
///     both
///
/// Of an hour that comes twice the first is meant. The fraction of the second is the present moment's, so that the same
/// words twice in a row have two times. Throws WhenError for what has another form, a day that the calendar has not or
/// that is several, a time that the clocks of the zone have left out, and what is more than a day ahead.
Timestamp parse_when(std::string_view when, Clock& clock);

/// The first moment at which a clock on the wall of that zone shows `local`, microseconds since 1970-01-01 00:00 on
/// that clock; nothing when it never does, as clocks were put forward.
std::optional<Timestamp> first_shown(std::int64_t local, Clock& clock);

}  // namespace md2
