#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/os/clock.h"

namespace md2 {

/// The moment an entry was written, with the writer's offset from UTC at that moment, so that a reader anywhere sees
/// the date and the hour that the writer saw.
struct Timestamp {
  std::int64_t micros = 0;  ///< microseconds since 1970-01-01 00:00 UTC
  int offset_minutes = 0;   ///< east of Greenwich, -1439 to 1439

  bool operator==(const Timestamp&) const = default;
};

/// A date as it stands in a header, without a time zone. Ordered by time.
struct Date {
  int year = 0;   ///< 0 to 9999
  int month = 0;  ///< 1 to 12
  int day = 0;    ///< 1 to 31

  auto operator<=>(const Date&) const = default;  // NOLINT(modernize-use-nullptr): the 0 is the compiler's
};

/// The length of every written timestamp: `2015-10-28 21:26:03.417293+08:00`.
inline constexpr std::size_t timestamp_length = 32;

/// `2015-10-28 21:26:03.417293+08:00`: always six fraction digits, always a numeric offset. GNU date -d, Python's
/// fromisoformat and SQLite read it. The year must lie in 0 to 9999.
std::string to_string(Timestamp time);

/// The inverse of to_string: exactly that form and only moments that exist; nothing for anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// Why no entry can have this time: its year or its zone can't be written in a header. Empty when one can.
std::string time_error(Timestamp time);

/// True for a written timestamp or the first bytes of one, none too. The moment need not exist: `2015-99` will do.
bool begins_timestamp(std::string_view text);

/// The date of `time` where it was written.
Date local_date(Timestamp time);

/// 0 is Sunday.
int weekday(Date date);

/// True when the calendar (Gregorian) has the date.
bool exists(Date date);

/// The current time in the user's time zone (TZ, /etc/localtime).
Timestamp now(Clock& clock = real_clock());

}  // namespace md2
