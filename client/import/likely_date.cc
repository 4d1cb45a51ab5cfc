#include "client/import/likely_date.h"

#include <algorithm>
#include <string>

#include "client/import/calendar_words.h"
#include "client/import/scan.h"
#include "client/import/written_date.h"
#include "common/diary/timestamp.h"
#include "common/text/character.h"
#include "common/text/text.h"

namespace md2 {
namespace {

using namespace scan;

/// Nothing that goes on with the date stands here: the line ends, or a blank, a bracket or a day of the week follows.
bool ends_date(std::string_view text) {
  if (trimmed(text).empty() || skip_blanks(text)) return true;
  return take_any(text, {"(", "[", ")", "]", ">", "】", "」"}) || take_weekday(text);
}

/// The same, and behind a blank not the words of a sentence in English.
bool stands_alone(std::string_view text) {
  if (trimmed(text).empty() || take_weekday(text)) return true;
  return skip_blanks(text) && (static_cast<unsigned char>(text.front()) >= 0x80 || take_weekday(text));
}

/// Digits, and what Chinese calendars count in. False when there are none.
bool skip_chinese_number(std::string_view& text) {
  const std::size_t before = text.size();
  while (!text.empty()) {
    if (is_digit(text.front())) {
      text.remove_prefix(1);
    } else if (!take_any(text, {"〇", "○",  "零", "一", "二", "三", "四", "五", "六", "七", "八",
                                "九", "十", "廿", "卅", "初", "正", "腊", "冬", "闰", "元"})) {
      break;
    }
  }
  return text.size() != before;
}

/// `3月5日 晴`, `一九年三月五日`, `2019年2月30日`, `民国八年三月五号`, `八月十五`, `15日 晴`, `2019年3月`.
LikelyDate likely_chinese(std::string_view text) {
  if (take_any(text, {"公元", "民国", "公历", "阳历", "农历", "阴历", "夏历"})) skip_blanks(text);
  bool has_year = false;
  bool has_month = false;
  for (;;) {
    if (!skip_chinese_number(text)) break;
    const bool ends = ends_date(text);
    skip_blanks(text);
    if (!has_year && !has_month && take(text, "年")) {
      has_year = true;
    } else if (!has_month && take(text, "月")) {
      has_month = true;
    } else if (take_any(text, {"日", "号"})) {
      if (has_year && has_month) return LikelyDate::heading;
      if (has_month) return ends_date(text) ? LikelyDate::heading : LikelyDate::sentence;
      return !has_year && stands_alone(text) ? LikelyDate::sentence : LikelyDate::no;
    } else {  // by the moon, no word stands behind the day
      return has_month && ends ? LikelyDate::sentence : LikelyDate::no;
    }
    skip_blanks(text);
  }
  return has_year && has_month && trimmed(text).empty() ? LikelyDate::sentence : LikelyDate::no;
}

/// `20190305`.
LikelyDate likely_digits(std::string_view text) {
  const auto digits = take_number(text, 8, 8);
  if (!digits || !ends_date(text)) return LikelyDate::no;
  const Date date{*digits / 10'000, *digits / 100 % 100, *digits % 100};
  if (date.year <= 1900 || date.year >= 2100 || !exists(date)) return LikelyDate::no;
  return stands_alone(text) ? LikelyDate::heading : LikelyDate::sentence;
}

/// `05/03/2019`, `2019-02-30`, `5.3.2019`, `19.3.5`, `05/03/19`, `3/5`.
LikelyDate likely_numbers(std::string_view text) {
  const auto part = [&](std::size_t& length) {
    const std::size_t before = text.size();
    const auto number = take_number(text, 1, 4);
    length = before - text.size();
    return number;
  };
  std::size_t first_length = 0;
  std::size_t second_length = 0;
  std::size_t third_length = 0;
  const auto first = part(first_length);
  const std::string separator(text.substr(0, 1));
  if (!first || (separator != "/" && separator != "." && separator != "-")) return LikelyDate::no;
  text.remove_prefix(1);
  const auto second = part(second_length);
  const auto is_day = [](int number) { return number >= 1 && number <= 31; };
  if (!second || !is_day(*second)) return LikelyDate::no;
  if (!take(text, separator)) {
    const bool is_day_of_year = is_day(*first) && std::min(*first, *second) <= 12;
    const bool is_written_so = separator == "/" || (separator == "-" && first_length == 2 && second_length == 2);
    return is_day_of_year && is_written_so && stands_alone(text) ? LikelyDate::sentence : LikelyDate::no;
  }
  const auto third = part(third_length);
  if (!third || !at_boundary(text)) return LikelyDate::no;
  const bool year_first = first_length == 4 && third_length <= 2 && *third <= 31;
  const bool year_last = third_length == 4 && is_day(*first);
  if (year_first || year_last) return LikelyDate::heading;
  if (first_length > 2 || third_length > 2) return LikelyDate::no;
  const bool is_date = (is_day(*first) && third_length == 2) || (is_day(*third) && first_length == 2);
  const bool is_written_so = separator == "/" || (is_date && stands_alone(text));
  return is_date && is_written_so ? LikelyDate::sentence : LikelyDate::no;
}

/// `5 March`, `March 5`, `Tue 5 Mar`, `30 February 2019`.
LikelyDate likely_words(std::string_view text, bool has_weekday) {
  const bool day_first = !text.empty() && is_digit(text.front());
  const auto blanks = [&] { return skip_blanks(text) || take(text, "-"); };
  const bool found = day_first ? take_day_of_month(text) && blanks() && take_month(text)
                               : take_month(text) && blanks() && take_day_of_month(text);
  if (!found) return LikelyDate::no;
  std::string_view behind = text;
  take_any(behind, {",", "-"});
  skip_blanks(behind);
  if (behind != text && take_number(behind, 4, 4) && at_boundary(behind)) return LikelyDate::heading;
  skip_blanks(text);
  if (text.empty() || text.front() == ':') return LikelyDate::heading;
  return text.front() != ',' ? LikelyDate::no : has_weekday ? LikelyDate::heading : LikelyDate::sentence;
}

}  // namespace

LikelyDate likely_date(std::string_view line) {
  constexpr std::size_t longest = 120;  // bytes of a date in whatever words, and then some
  const std::string narrow = narrowed(line.substr(0, longest));
  std::string_view rest = without_heading(narrow);
  take_any(rest, {"[", "<", "(", "【", "「"});
  for (const std::string_view emphasis : {"**", "__"}) {
    if (take(rest, emphasis)) rest = rest.substr(0, rest.find(emphasis));
  }
  if (take_any(rest, {"日期", "时间", "Date", "date"}) && take(rest, ":")) skip_blanks(rest);
  if (read_written_date(rest)) return LikelyDate::heading;  // but for its width, or what stands in front
  const bool has_weekday = take_weekday(rest).has_value();
  if (has_weekday) {
    skip_blanks(rest);
    if (take(rest, ",")) skip_blanks(rest);
  }
  LikelyDate most = LikelyDate::no;
  for (const LikelyDate one :
       {likely_chinese(rest), likely_digits(rest), likely_numbers(rest), likely_words(rest, has_weekday)}) {
    most = std::max(most, one);
  }
  return most;
}

}  // namespace md2
