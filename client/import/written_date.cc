#include "client/import/written_date.h"

#include <algorithm>
#include <array>
#include <utility>

#include "client/import/calendar_words.h"
#include "client/import/scan.h"
#include "client/import/wall_time.h"
#include "client/import/written_time.h"

namespace md2 {
namespace {

using namespace scan;

constexpr std::array<std::string_view, 10> chinese_digits = {"〇", "一", "二", "三", "四",
                                                             "五", "六", "七", "八", "九"};

/// 一 to 九十九, as a month and a day are written.
std::optional<int> take_chinese_number(std::string_view& text) {
  const auto take_digit = [&]() -> int {
    for (std::size_t i = 1; i < chinese_digits.size(); ++i) {
      if (take(text, chinese_digits[i])) return static_cast<int>(i);
    }
    return 0;
  };
  const int first = take_digit();
  if (!take(text, "十")) return first == 0 ? std::nullopt : std::optional(first);
  return std::max(first, 1) * 10 + take_digit();
}

std::optional<int> take_chinese_year(std::string_view& text) {
  int year = 0;
  for (int i = 0; i < 4; ++i) {
    std::size_t digit = 0;
    if (!take_any(text, {"零", "○"})) {
      while (digit < chinese_digits.size() && !take(text, chinese_digits[digit])) ++digit;
    }
    if (digit == chinese_digits.size()) return std::nullopt;
    year = year * 10 + static_cast<int>(digit);
  }
  return year;
}

using Form = WrittenDate::Form;
using Dated = std::optional<std::pair<Form, Date>>;

Dated take_chinese_date(std::string_view& text) {
  const bool words = !text.empty() && !is_digit(text.front());
  const auto number = [&] {
    skip_blanks(text);
    return words ? take_chinese_number(text) : take_number(text, 1, 2);
  };
  const auto year = words ? take_chinese_year(text) : take_number(text, 4, 4);
  skip_blanks(text);
  if (!year || !take(text, "年")) return std::nullopt;
  const auto month = number();
  skip_blanks(text);
  if (!month || !take(text, "月")) return std::nullopt;
  const auto day = number();
  skip_blanks(text);
  if (!day || !take_any(text, {"日", "号"})) return std::nullopt;
  return {{Form::chinese, {*year, *month, *day}}};
}

Dated take_numbers(std::string_view& text) {
  const auto year = take_number(text, 4, 4);
  if (!year || text.empty()) return std::nullopt;
  const std::string_view separator = text.substr(0, 1);
  if (separator != "-" && separator != "/" && separator != ".") return std::nullopt;
  text.remove_prefix(1);
  const auto month = take_number(text, 1, 2);
  if (!month || !take(text, separator)) return std::nullopt;
  const auto day = take_number(text, 1, 2);
  const bool time_follows = text.size() > 1 && text[0] == 'T' && is_digit(text[1]);
  if (!day || !(time_follows || at_boundary(text))) return std::nullopt;
  if (time_follows) text.remove_prefix(1);
  return {{Form::numbers, {*year, *month, *day}}};
}

Dated take_english(std::string_view& text) {
  std::optional<int> day;
  std::optional<int> month;
  const auto part = [&] {
    take(text, ",");
    return skip_blanks(text) || take(text, "-");
  };
  const bool day_first = !text.empty() && is_digit(text.front());
  (day_first ? day : month) = day_first ? take_day_of_month(text) : take_month(text);
  if (!part()) return std::nullopt;
  (day_first ? month : day) = day_first ? take_month(text) : take_day_of_month(text);
  if (!part()) return std::nullopt;
  const auto year = take_number(text, 4, 4);
  if (!day || !month || !year || !at_boundary(text)) return std::nullopt;
  return {{Form::english, {*year, *month, *day}}};
}

template <typename Take>
Dated attempt(std::string_view& text, Take take_date) {
  std::string_view rest = text;
  const Dated dated = take_date(rest);
  if (dated) text = rest;
  return dated;
}

Dated take_date(std::string_view& text) {
  if (Dated dated = attempt(text, take_numbers)) return dated;
  if (Dated dated = attempt(text, take_chinese_date)) return dated;
  return attempt(text, take_english);
}

void skip_separator(std::string_view& text) {
  skip_blanks(text);
  if (take_any(text, {":", "：", ",", "，"})) skip_blanks(text);
}

}  // namespace

std::optional<WrittenDate> read_written_date(std::string_view line) {
  std::string_view rest = without_heading(line);
  auto day_of_week = take_weekday(rest);
  if (day_of_week) skip_separator(rest);
  const Dated dated = take_date(rest);
  if (!dated || !exists(dated->second)) return std::nullopt;
  WrittenDate written{dated->first, dated->second, {}, {}, {}};
  if (day_of_week && *day_of_week != weekday(written.date)) return std::nullopt;
  for (bool more = true; more;) {
    std::string_view behind = rest;
    skip_separator(behind);
    if (take(behind, "at")) skip_blanks(behind);
    more = false;
    const auto second_of_day = written.second_of_day ? std::nullopt : take_time(behind);
    const auto named = second_of_day || day_of_week ? std::nullopt : take_weekday(behind);
    if (second_of_day) {
      written.second_of_day = second_of_day;
      written.offset_minutes = take_offset(behind);
      more = true;
    } else if (named) {
      day_of_week = named;
      more = *named == weekday(written.date);  // else it says something of its own
    }
    if (more) rest = behind;
  }
  skip_separator(rest);
  written.rest = rest;
  return written;
}

Timestamp moment_of(const WrittenDate& written, Clock& clock) {
  const int second = written.second_of_day.value_or(0);
  if (!written.offset_minutes) return wall_time(written.date, second, clock);
  constexpr std::int64_t minute = 60'000'000;
  return {wall_micros(written.date, second) - *written.offset_minutes * minute, *written.offset_minutes};
}

std::optional<Date> read_country_date(std::string_view text) {
  const auto day_of_week = take_weekday(text);
  if (day_of_week) skip_separator(text);
  const auto first = take_number(text, 1, 2);
  const std::string_view separator = text.substr(0, 1);
  if (!first || (separator != "/" && separator != ".")) return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_number(text, 1, 2);
  if (!second || !take(text, separator)) return std::nullopt;
  const std::size_t before = text.size();
  auto year = take_number(text, 2, 4);
  if (!year || !text.empty() || before == 3) return std::nullopt;
  if (before == 2) *year += *year < 69 ? 2000 : 1900;  // as strptime(3) has it
  const Date month_first{*year, *first, *second};
  const Date day_first{*year, *second, *first};
  const auto fits = [&](Date date) { return exists(date) && (!day_of_week || weekday(date) == *day_of_week); };
  const bool prefers_day = separator == ".";
  if (fits(prefers_day ? day_first : month_first)) return prefers_day ? day_first : month_first;
  const Date other = prefers_day ? month_first : day_first;
  return fits(other) ? std::optional(other) : std::nullopt;
}

bool is_of_either_order(std::string_view country_date) {
  const auto first = take_number(country_date, 1, 2);
  if (!first || !take(country_date, "/")) return false;
  const auto second = take_number(country_date, 1, 2);
  return second && *first != *second && std::max(*first, *second) <= 12 && take(country_date, "/");
}

}  // namespace md2
