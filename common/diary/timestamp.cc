#include "common/diary/timestamp.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_minute = 60 * micros_per_second;
constexpr std::int64_t micros_per_day = std::int64_t{24} * 60 * micros_per_minute;

/// For each byte of a timestamp the least value and how much larger it may be.
constexpr struct Shape {
  std::array<char, timestamp_length> least{};
  std::array<unsigned char, timestamp_length> spread{};

  constexpr Shape() {
    constexpr std::string_view text = "dddd-dd-dd dd:dd:dd.dddddd+dd:dd";
    static_assert(text.size() == timestamp_length);
    for (std::size_t i = 0; i < text.size(); ++i) {
      least[i] = text[i] == 'd' ? '0' : text[i];
      spread[i] = text[i] == 'd' ? 9 : text[i] == '+' ? '-' - '+' : 0;
    }
  }
} shape;

/// Takes timestamp_length bytes, without a branch, so that it becomes a few vector instructions: headers are looked for
/// wherever a diary is read. Between the two signs lies `,`, which is sorted out at the end.
bool has_shape(std::string_view bytes) {
  unsigned char wrong = 0;
  for (std::size_t i = 0; i < timestamp_length; ++i) {
    wrong |= static_cast<unsigned char>(bytes[i] - shape.least[i]) > shape.spread[i];
  }
  return wrong == 0 && bytes[26] != ',';
}

/// The decimal number at `at`, where `count` digits are known to stand.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

std::chrono::year_month_day calendar_date(Date date) {
  return std::chrono::year{date.year} / std::chrono::month{static_cast<unsigned>(date.month)} /
         std::chrono::day{static_cast<unsigned>(date.day)};
}

/// Microseconds since the epoch on the writer's own clock, and the day that holds them.
struct Local {
  std::int64_t micros;
  std::chrono::sys_days day;
};

Local local(Timestamp time) {
  const std::int64_t micros = time.micros + time.offset_minutes * micros_per_minute;
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds{micros}};
  return {micros, std::chrono::floor<std::chrono::days>(moment)};
}

}  // namespace

bool begins_timestamp(std::string_view text) {
  if (text.size() > timestamp_length) return false;
  std::array<char, timestamp_length> whole = shape.least;
  std::copy(text.begin(), text.end(), whole.begin());
  return has_shape({whole.data(), whole.size()});
}

Date local_date(Timestamp time) {
  const std::chrono::year_month_day day{local(time).day};
  return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
          static_cast<int>(static_cast<unsigned>(day.day()))};
}

int weekday(Date date) {
  return static_cast<int>(std::chrono::weekday{std::chrono::sys_days{calendar_date(date)}}.c_encoding());
}

bool exists(Date date) {
  return date.year >= 0 && date.year <= 9999 && calendar_date(date).ok();
}

std::string to_string(Timestamp time) {
  const Date date = local_date(time);
  const std::int64_t in_day = ((local(time).micros % micros_per_day) + micros_per_day) % micros_per_day;
  const std::int64_t second = in_day / micros_per_second;
  const int offset = std::abs(time.offset_minutes);
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}{}{:02}:{:02}"), date.year, date.month,
                     date.day, second / 3600, second / 60 % 60, second % 60, in_day % micros_per_second,
                     time.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  if (text.size() != timestamp_length || !has_shape(text)) return std::nullopt;
  const Date date{digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)};
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  const int offset_hour = digits(text, 27, 2);
  const int offset_minute = digits(text, 30, 2);
  if (!exists(date) || hour > 23 || minute > 59 || second > 59 || offset_hour > 23 || offset_minute > 59) {
    return std::nullopt;
  }
  const int offset = (text[26] == '-' ? -1 : 1) * (offset_hour * 60 + offset_minute);
  if (offset == 0 && text[26] == '-') return std::nullopt;  // to_string would not give it back
  const std::int64_t days = std::chrono::sys_days{calendar_date(date)}.time_since_epoch().count();
  const std::int64_t seconds = (hour * 60 + minute) * 60 + second;
  return Timestamp{
      days * micros_per_day + seconds * micros_per_second + digits(text, 20, 6) - offset * micros_per_minute, offset};
}

std::string time_error(Timestamp time) {
  const std::string written = to_string(time);
  if (parse_timestamp(written) == time) return {};
  return tr("no diary can hold the time {}; are the clock and the time zone of this machine right?", written);
}

Timestamp now(Clock& clock) {
  const WallTime wall = clock.wall();
  return {wall.micros, wall.offset_minutes};
}

}  // namespace md2
