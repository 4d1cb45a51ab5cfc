#include "common/diary/day_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "common/os/language.h"
#include "common/text/folding.h"

namespace md2 {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;
using Span = DayName::Span;

constexpr DayName names[] = {
    {"today", Span::day, 0},       {"yesterday", Span::day, 1},     {"this-week", Span::week, 0},
    {"last-week", Span::week, 1},  {"this-month", Span::month, 0},  {"last-month", Span::month, 1},
    {"this-year", Span::year, 0},  {"last-year", Span::year, 1},    {"on-this-day", Span::on_this_day},
    {"今天", Span::day, 0},        {"昨天", Span::day, 1},          {"前天", Span::day, 2},
    {"大前天", Span::day, 3},      {"本周", Span::week, 0},         {"上周", Span::week, 1},
    {"本月", Span::month, 0},      {"上月", Span::month, 1},        {"今年", Span::year, 0},
    {"去年", Span::year, 1},       {"那年今日", Span::on_this_day}, {"monday", Span::weekday, 1},
    {"tuesday", Span::weekday, 2}, {"wednesday", Span::weekday, 3}, {"thursday", Span::weekday, 4},
    {"friday", Span::weekday, 5},  {"saturday", Span::weekday, 6},  {"sunday", Span::weekday, 0},
    {"周一", Span::weekday, 1},    {"周二", Span::weekday, 2},      {"周三", Span::weekday, 3},
    {"周四", Span::weekday, 4},    {"周五", Span::weekday, 5},      {"周六", Span::weekday, 6},
    {"周日", Span::weekday, 0},    {"周天", Span::weekday, 0},      {"星期一", Span::weekday, 1},
    {"星期二", Span::weekday, 2},  {"星期三", Span::weekday, 3},    {"星期四", Span::weekday, 4},
    {"星期五", Span::weekday, 5},  {"星期六", Span::weekday, 6},    {"星期日", Span::weekday, 0},
    {"星期天", Span::weekday, 0},  {"礼拜一", Span::weekday, 1},    {"礼拜二", Span::weekday, 2},
    {"礼拜三", Span::weekday, 3},  {"礼拜四", Span::weekday, 4},    {"礼拜五", Span::weekday, 5},
    {"礼拜六", Span::weekday, 6},  {"礼拜日", Span::weekday, 0},    {"礼拜天", Span::weekday, 0},
    {"这周", Span::week, 0},       {"上星期", Span::week, 1},       {"上个星期", Span::week, 1},
    {"上礼拜", Span::week, 1},     {"这个月", Span::month, 0},      {"上个月", Span::month, 1},
};

constexpr std::string_view on_this_day_sign = "on-this-day:";
constexpr std::string_view first_of_all = "0000-01-01", last_of_all = "9999-12-31";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

sys_days calendar(Date date) {
  return std::chrono::year{date.year} / date.month / date.day;
}

/// Within the years that a header can have.
std::string to_text(sys_days day) {
  const year_month_day date{day};
  if (date.year() < std::chrono::year{0}) return std::string(first_of_all);
  if (date.year() > std::chrono::year{9999}) return std::string(last_of_all);
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

/// `text` has the form of `2015-10-28`.
bool is_in_calendar(std::string_view text) {
  return exists({number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8))});
}

/// Two digits each, as few as are typed.
std::string padded(std::string_view digits) {
  return std::string(digits.size() == 1 ? "0" : "").append(digits);
}

/// The digits at the beginning of `text`, at most `most` of them; taken from it.
std::string_view take_digits(std::string_view& text, std::size_t most) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  if (length > most) return {};
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

bool take(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(sign.size());
  return true;
}

/// `2015/10/28`, `2015.10` with hyphens; empty for anything else.
std::string from_separated(std::string_view text) {
  const std::string_view year = take_digits(text, 4);
  if (year.size() != 4 || text.empty() || (text[0] != '/' && text[0] != '.')) return {};
  const std::string_view separator = text.substr(0, 1);
  text.remove_prefix(1);
  const std::string_view month = take_digits(text, 2);
  if (month.empty()) return {};
  std::string date = fmt::format("{}-{}", year, padded(month));
  if (text.empty()) return date;
  if (!take(text, separator)) return {};
  const std::string_view day = take_digits(text, 2);
  if (day.empty() || !text.empty()) return {};
  return date + '-' + padded(day);
}

/// `2015年`, `2015年10月`, `2015年10月28日`, `10月28日` (or `号`) with hyphens; empty for anything else.
std::string from_chinese(std::string_view text) {
  std::string date;
  std::string_view digits = take_digits(text, 4);
  if (digits.size() == 4) {
    date = digits;
    if (!take(text, "年")) return {};
    if (text.empty()) return date;
    date += '-';
    digits = take_digits(text, 2);
  }
  if (digits.empty() || digits.size() > 2 || !take(text, "月")) return {};
  const bool with_year = !date.empty();
  date += padded(digits);
  if (text.empty()) return with_year ? date : std::string();
  const std::string_view day = take_digits(text, 2);
  if (day.empty() || !(take(text, "日") || take(text, "号")) || !text.empty()) return {};
  return date + '-' + padded(day);
}

/// True for what is meant as a date, right or wrong: four digits, digits after four digits and a hyphen, or two groups
/// of at most two digits. Not a telephone number.
bool looks_like_date(std::string_view text) {
  if (text.empty() || !is_digit(text[0]) || text.find_first_not_of("0123456789-") != text.npos) return false;
  const std::size_t first = std::min(text.find('-'), text.size());
  if (first == 4) return true;
  return first <= 2 && first < text.size() && text.size() - first - 1 <= 2;
}

DaySet day_of_every_year(std::string_view text) {
  const std::string day = fmt::format("2000-{}", text);  // a leap year
  if (day.size() != 10 || !begins_timestamp(day)) throw DayError(tr("a day of every year is 10-28"));
  if (!is_in_calendar(day)) throw DayError(tr("no year has such a day"));
  return {std::string(first_of_all), std::string(last_of_all), std::string(text), {}};
}

/// A date with hyphens.
NamedDays of_date(std::string_view text, bool like_a_word) {
  const std::string date(text);
  if (text.find('-') < 4) return {day_of_every_year(text), date, tr_later("a day of every year"), like_a_word};
  const std::size_t length = begins_timestamp(text) ? text.size() : 0;
  if (length == 4) return {{date + "-01-01", date + "-12-31", {}, {}}, date, tr_later("a year"), like_a_word};
  if (length == 7) {
    const int month = number(text.substr(5));
    if (month < 1 || month > 12) throw DayError(tr("there is no month {:02}", month));
    return {{date + "-01", date + "-31", {}, {}}, date, tr_later("a month"), like_a_word};
  }
  if (length != 10) throw DayError(tr("a date is 2015, 2015-10 or 2015-10-28"));
  if (!is_in_calendar(text)) throw DayError(tr("the calendar has no such day"));
  return {{date, date, {}, {}}, date, tr_later("a day"), like_a_word};
}

NamedDays on_this_day(std::string_view today) {
  return {{std::string(first_of_all), std::string(last_of_all), std::string(today.substr(5)),
           std::string(today.substr(0, 4))},
          std::string(on_this_day_sign).append(today),
          tr_later("this day in other years"),
          true};
}

NamedDays from_to(sys_days first, sys_days last, std::string_view kind) {
  DaySet days{to_text(first), to_text(last), {}, {}};
  std::string wire = days.is_one_day() ? days.first : days.first + ".." + days.last;
  return {std::move(days), std::move(wire), kind, true};
}

NamedDays of_name(const DayName& name, Date today) {
  using std::chrono::days;
  using std::chrono::last;
  const sys_days day = calendar(today);
  const year_month_day date{day};
  switch (name.span) {
    case Span::week: {
      const sys_days monday = day - days((weekday(today) + 6) % 7 + 7 * name.number);
      return from_to(monday, monday + days(6), tr_later("a week"));
    }
    case Span::month: {
      const year_month month = date.year() / date.month() - std::chrono::months(name.number);
      return from_to(month / 1, month / last, tr_later("a month"));
    }
    case Span::year: {
      const std::chrono::year year = date.year() - std::chrono::years(name.number);
      return from_to(year / 1 / 1, year / 12 / 31, tr_later("a year"));
    }
    case Span::weekday: {
      const sys_days latest = day - days((weekday(today) - name.number + 7) % 7);
      return from_to(latest, latest, tr_later("a day"));
    }
    case Span::on_this_day:
      return on_this_day(to_text(day));
    case Span::day:
      break;
  }
  return from_to(day - days(name.number), day - days(name.number), tr_later("a day"));
}

/// One side of a range, or what is none.
std::optional<NamedDays> read_side(std::string_view text, Date today) {
  const auto name = std::ranges::find(names, text, &DayName::name);
  if (name != std::end(names)) return of_name(*name, today);
  std::string date = from_separated(text);
  if (date.empty()) date = from_chinese(text);
  if (!date.empty()) return of_date(date, true);
  if (looks_like_date(text)) return of_date(text, false);
  return std::nullopt;
}

/// Where the `..` of a range stands; npos for a part that is none. `wait...` is a word, `5..` a range gone wrong.
std::size_t range_dots(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos || text.size() == 2) return dots;
  const auto is_side = [](std::string_view side) {
    return !side.empty() && (is_digit(side[0]) || std::ranges::find(names, side, &DayName::name) != std::end(names));
  };
  return is_side(text.substr(0, dots)) || is_side(text.substr(dots + 2)) ? dots : text.npos;
}

NamedDays read_range(std::string_view from, std::string_view to, Date today) {
  if (from.empty() && to.empty()) throw DayError(tr("a range needs a date on one side at least"));
  const auto side = [&](std::string_view text) {
    std::optional<NamedDays> days = read_side(text, today);
    if (!days || !days->days.day_of_year.empty()) {
      throw DayError(tr("a date is 2015, 2015-10 or 2015-10-28"));
    }
    return *std::move(days);
  };
  NamedDays range{
      {std::string(first_of_all), std::string(last_of_all), {}, {}}, "..", tr_later("a range of days"), false};
  if (!from.empty()) {
    const NamedDays begin = side(from);
    range.days.first = begin.days.first;
    range.wire.insert(0, begin.wire.find("..") == std::string::npos ? begin.wire : begin.days.first);
    range.like_a_word = begin.like_a_word;
  }
  if (!to.empty()) {
    const NamedDays end = side(to);
    range.days.last = end.days.last;
    range.wire += end.wire.find("..") == std::string::npos ? end.wire : end.days.last;
    range.like_a_word = range.like_a_word || end.like_a_word;
  }
  if (range.days.first > range.days.last) throw DayError(tr("it ends before it begins"));
  return range;
}

}  // namespace

bool DaySet::holds(std::string_view day) const {
  if (day.empty() || day < first || day > last) return false;
  if (day_of_year.empty()) return true;
  const std::string_view in_year = day.substr(5);
  const bool leap_day = !but_year.empty() && day_of_year == "02-28" && in_year == "02-29";
  return (in_year == day_of_year || leap_day) && (but_year.empty() || !day.starts_with(but_year));
}

std::optional<NamedDays> read_days(std::string_view text, Date today) {
  const std::string small = folded(text, {Folding::Case::ascii, true});
  const std::string_view part = small;
  if (part.starts_with(on_this_day_sign)) {
    const std::string_view day = part.substr(on_this_day_sign.size());
    if (day.size() != 10 || !begins_timestamp(day) || !is_in_calendar(day)) {
      throw DayError(tr("behind the colon stands a day, 2015-10-28"));
    }
    return on_this_day(day);
  }
  if (const std::size_t dots = range_dots(part); dots != part.npos) {
    return read_range(part.substr(0, dots), part.substr(dots + 2), today);
  }
  return read_side(part, today);
}

std::optional<NamedDays> read_last_days(std::string_view text, Date today) {
  using std::chrono::days;
  const std::string small = folded(text, {Folding::Case::ascii, true});
  if (small.size() < 3 || small[0] != '-' || !std::all_of(small.begin() + 1, small.end() - 1, is_digit)) {
    return std::nullopt;
  }
  const char unit = small.back();
  if (unit != 'd' && unit != 'w' && unit != 'm') return std::nullopt;
  constexpr int most = 4'000'000;  // days; more than all years have
  int count = most;                // stays when there are too many digits
  std::from_chars(small.data() + 1, small.data() + small.size() - 1, count);
  count = std::min(count, most);
  if (count == 0) throw DayError(tr("the least is -1{}", unit));
  const sys_days last = calendar(today);
  if (unit != 'm')
    return from_to(last - days((unit == 'w' ? std::min(count, most / 7) * 7 : count) - 1), last,
                   tr_later("a range of days"));
  const year_month_day date{last};
  const year_month month = date.year() / date.month() - std::chrono::months(std::min(count, 12 * 10'000));
  const year_month_day same = month / date.day();
  return from_to(same.ok() ? sys_days{same} : sys_days{month / std::chrono::last}, last, tr_later("a range of days"));
}

std::span<const DayName> day_names() {
  return names;
}

}  // namespace md2
