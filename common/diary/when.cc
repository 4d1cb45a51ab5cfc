#include "common/diary/when.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "common/diary/day_set.h"
#include "common/os/language.h"
#include "common/text/character.h"
#include "common/text/folding.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::int64_t second = 1'000'000;  // microseconds
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day_length = 24 * hour;
constexpr const char* form = tr_later("a day, a time or both, as in 2015-10-28 21:26");

[[noreturn]] void refuse_when(std::string_view when, std::string_view reason) {
  throw WhenError(tr("no entry can have the time '{}': {}", sanitised(when), reason));
}

/// The first word of the line, taken from it, with the blanks around it.
std::string_view take_word(std::string_view& line) {
  const auto blank_at = [&](std::size_t at) { return is_space(character_at(line, at).code); };
  std::size_t begin = 0;
  while (begin < line.size() && blank_at(begin)) begin += character_at(line, begin).length;
  std::size_t end = begin;
  while (end < line.size() && !blank_at(end)) end += character_at(line, end).length;
  const std::string_view word = line.substr(begin, end - begin);
  while (end < line.size() && blank_at(end)) end += character_at(line, end).length;
  line.remove_prefix(end);
  return word;
}

/// Meant as a time of day, right or wrong: digits with colons between them.
bool looks_like_time(std::string_view word) {
  const std::string narrow = narrowed(word);
  return narrow.find(':') != narrow.npos && narrow[0] != ':' && narrow.find_first_not_of("0123456789:") == narrow.npos;
}

/// Two digits, or one where `few` says so, taken from `text`.
std::optional<int> take_number(std::string_view& text, bool few) {
  const std::size_t length = std::min(text.find(':'), text.size());
  if (length > 2 || length < (few ? 1 : 2)) return std::nullopt;
  int value = 0;
  const std::string_view digits = text.substr(0, length);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  text.remove_prefix(std::min(length + 1, text.size()));
  return value;
}

/// Microseconds from midnight to a time of day, `21:26` or `21:26:03`.
std::int64_t time_of_day(std::string_view word, std::string_view when) {
  const std::string narrow = narrowed(word);
  const bool has_seconds = std::count(narrow.begin(), narrow.end(), ':') == 2;
  std::string_view rest = narrow;
  const auto hours = take_number(rest, true);
  const auto minutes = take_number(rest, false);
  const auto seconds = has_seconds ? take_number(rest, false) : 0;
  if (!hours || !minutes || !seconds || !rest.empty()) refuse_when(when, tr("a time is 21:26 or 21:26:03"));
  if (*hours > 23 || *minutes > 59 || *seconds > 59) refuse_when(when, tr("no day has such a time"));
  return *hours * hour + *minutes * minute + *seconds * second;
}

/// Midnight of the day on its own clock, in microseconds since the epoch on that clock.
std::int64_t midnight(std::string_view word, std::string_view when, Date today) {
  std::optional<NamedDays> days;
  try {
    days = read_days(word, today);
  } catch (const DayError& error) {
    refuse_when(when, error.what());
  }
  if (!days) refuse_when(when, tr("it is {}", tr(form)));
  if (!days->days.is_one_day()) refuse_when(when, tr("that is {}, and an entry has one", tr(days->kind)));
  return parse_timestamp(days->days.first + " 00:00:00.000000+00:00")->micros;
}

}  // namespace

DatedLine split_when(std::string_view line) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  std::string_view behind = rest;
  const std::string_view second_word = take_word(behind);
  if (looks_like_time(first) || !looks_like_time(second_word)) return {first, trimmed(rest)};
  const auto begin = static_cast<std::size_t>(first.data() - line.data());
  const auto end = static_cast<std::size_t>(second_word.data() - line.data()) + second_word.size();
  return {line.substr(begin, end - begin), trimmed(behind)};
}

Timestamp parse_when(std::string_view when, Clock& clock) {
  const DatedLine parts = split_when(when);
  std::string_view rest = parts.when;
  const std::string_view first = take_word(rest);
  if (first.empty() || !parts.text.empty()) refuse_when(when, tr("it is {}", tr(form)));
  const std::string_view time = looks_like_time(first) ? first : rest;
  const std::string_view day = looks_like_time(first) ? std::string_view() : first;

  const Timestamp present = now(clock);
  const std::int64_t shown = present.micros + present.offset_minutes * minute;
  const std::int64_t since_midnight = (shown % day_length + day_length) % day_length;
  const std::int64_t fraction = since_midnight % second;
  const std::int64_t in_day = time.empty() ? since_midnight : time_of_day(time, when) + fraction;
  std::int64_t local = (day.empty() ? shown - since_midnight : midnight(day, when, local_date(present))) + in_day;
  std::optional<Timestamp> found = first_shown(local, clock);
  if (day.empty() && (found ? found->micros > present.micros : local > shown)) {
    local -= day_length;
    found = first_shown(local, clock);
  }
  if (!found) {
    const std::string lacking = to_string(Timestamp{local, 0}).substr(0, 16);
    refuse_when(when, tr("the clocks here were put forward, and never showed {}", lacking));
  }
  if (found->micros - present.micros > day_length) refuse_when(when, tr("it is more than a day ahead"));
  return *found;
}

std::optional<Timestamp> first_shown(std::int64_t local, Clock& clock) {
  std::optional<Timestamp> first;
  for (const std::int64_t around : {-day_length, std::int64_t{0}, day_length}) {
    const int offset = clock.offset_at(local + around);
    const std::int64_t micros = local - offset * minute;
    if (clock.offset_at(micros) == offset && (!first || micros < first->micros)) first = Timestamp{micros, offset};
  }
  return first;
}

}  // namespace md2
