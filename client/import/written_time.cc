#include "client/import/written_time.h"

#include <algorithm>

#include "client/import/scan.h"

namespace md2 {
namespace {

using namespace scan;

constexpr int half_day = 12 * 3600;  // seconds

/// `21:26`, `21:26:03.417`, `21时26分`; seconds in the day, which may have 12 hours.
std::optional<int> take_clock(std::string_view& text) {
  const auto hour = take_number(text, 1, 2);
  if (!hour) return std::nullopt;
  const bool words = take_any(text, {"时", "点"});
  if (!words && !take_any(text, {":", "："})) return std::nullopt;
  const auto minute = take_number(text, words ? 1 : 2, 2);
  if (!minute || (words && !take(text, "分"))) return std::nullopt;
  int second = 0;
  std::string_view rest = text;
  if (words || take_any(rest, {":", "："})) {
    const auto seconds = take_number(rest, words ? 1 : 2, 2);
    if (seconds && (!words || take(rest, "秒"))) {
      second = *seconds;
      text = rest;
      if (take_any(rest, {".", ","}) && take_number(rest, 1, 9)) text = rest;
    }
  }
  if (*hour > 23 || *minute > 59 || second > 59) return std::nullopt;
  return (*hour * 60 + *minute) * 60 + second;
}

}  // namespace

std::optional<int> take_time(std::string_view& text) {
  std::string_view rest = text;
  const bool morning = take(rest, "上午");
  const bool afternoon = !morning && take(rest, "下午");
  if (morning || afternoon) skip_blanks(rest);
  const std::string_view clock = rest;
  auto seconds = take_clock(rest);
  if (!seconds) return std::nullopt;
  const bool to_the_second = std::ranges::count(clock.substr(0, clock.size() - rest.size()), ':') == 2;
  if (afternoon && *seconds < half_day) *seconds += half_day;
  std::string_view behind = rest;
  skip_blanks(behind);
  const std::string half = take_letters(behind);
  if (half == "am" || half == "pm") {
    if (*seconds < 3600 || *seconds >= 13 * 3600) return std::nullopt;
    seconds = *seconds % half_day + (half == "pm" ? half_day : 0);
    rest = behind;
  }
  // `10:30-11:00` is how long something took.
  const bool zone_follows = rest.starts_with('+') || rest.starts_with('Z') || (to_the_second && rest.starts_with('-'));
  if (!seconds || !(zone_follows || at_boundary(rest))) return std::nullopt;
  text = rest;
  return seconds;
}

std::optional<int> take_offset(std::string_view& text) {
  std::string_view rest = text;
  skip_blanks(rest);
  int offset = 0;
  if (!take(rest, "Z")) {
    const bool west = rest.starts_with('-');
    if (!west && !rest.starts_with('+')) return std::nullopt;
    rest.remove_prefix(1);
    std::string_view digits = rest;
    auto hours = take_number(digits, 2, 2);
    if (hours && take(digits, ":")) {
      const auto minutes = take_number(digits, 2, 2);
      if (!minutes) return std::nullopt;
      offset = *hours * 60 + *minutes;
    } else {
      digits = rest;
      const auto both = take_number(digits, 4, 4);
      if (!both) return std::nullopt;
      offset = *both / 100 * 60 + *both % 100;
    }
    if (west) offset = -offset;
    rest = digits;
  }
  if (!at_boundary(rest) || offset < -1439 || offset > 1439) return std::nullopt;
  text = rest;
  return offset;
}

std::optional<int> take_time_of_day(std::string_view& text) {
  const auto time = take_time(text);
  if (time) skip_blanks(text);
  return time;
}

}  // namespace md2
