#include "common/diary/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "common/text/character.h"
#include "common/text/folding.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

[[noreturn]] void fail(std::string_view part, std::string_view reason) {
  throw QueryError(fmt::format("cannot understand '{}' in the query: {}", sanitised(part), reason));
}

struct Part {
  std::string text;  ///< without the quotes
  bool quoted = false;
};

std::vector<Part> split(std::string_view query) {
  if (query.size() > max_query) {
    throw QueryError(
        fmt::format("the query has {} bytes, more than the {} that one may have", query.size(), max_query));
  }
  if (const std::string error = text_error(query); !error.empty())
    throw QueryError(fmt::format("cannot read the query: {}; it must be text in UTF-8", error));
  std::vector<Part> parts;
  for (std::size_t at = 0; at < query.size();) {
    const Character c = character_at(query, at);
    std::size_t end = at + c.length;
    if (c.code == '"') {
      end = query.find('"', end);
      if (end == std::string_view::npos) fail(query.substr(at), "the quote is not closed");
      parts.push_back({std::string(query.substr(at + 1, end - at - 1)), true});
      ++end;
    } else if (!is_space(c.code)) {
      while (end < query.size() && !is_space(character_at(query, end).code)) end += character_at(query, end).length;
      parts.push_back({std::string(query.substr(at, end - at)), false});
    }
    at = end;
  }
  if (parts.size() > max_query_parts) {
    throw QueryError(
        fmt::format("the query has {} parts, more than the {} that one may have", parts.size(), max_query_parts));
  }
  return parts;
}

std::string to_string(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

Date day_before(Date date) {
  using namespace std::chrono;
  const year_month_day day{sys_days{year{date.year} / date.month / date.day} - days{1}};
  return {int{day.year()}, static_cast<int>(unsigned{day.month()}), static_cast<int>(unsigned{day.day()})};
}

/// The date that `today` and its like mean; empty for anything else.
std::string relative_day(std::string_view part, Date today) {
  const std::string word = folded(part, {Folding::Case::ascii, true});
  if (word == "today" || word == "今天") return to_string(today);
  if (word == "yesterday" || word == "昨天") return to_string(day_before(today));
  return {};
}

/// True for what is meant as a date, right or wrong: four digits, digits after four digits and a hyphen, or two groups
/// of at most two digits. Not a telephone number.
bool looks_like_date(std::string_view part) {
  if (part.empty() || !is_digit(part[0]) || part.find_first_not_of("0123456789-") != part.npos) return false;
  const std::size_t first = std::min(part.find('-'), part.size());
  if (first == 4) return true;
  return first <= 2 && first < part.size() && part.size() - first - 1 <= 2;
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// Takes what has the form of `2015-10-28`.
bool is_in_calendar(std::string_view day) {
  return exists({number(day.substr(0, 4)), number(day.substr(5, 2)), number(day.substr(8))});
}

struct Days {
  std::string first, last;
};

/// The days of a year, a month or a day. `part` is shown when they don't exist.
Days parse_days(std::string_view text, std::string_view part) {
  const std::string date(text);
  const std::size_t length = begins_timestamp(text) ? text.size() : 0;
  if (length == 4) return {date + "-01-01", date + "-12-31"};
  if (length == 7) {
    const int month = number(text.substr(5));
    if (month < 1 || month > 12) fail(part, fmt::format("there is no month {:02}", month));
    return {date + "-01", date + "-31"};
  }
  if (length != 10) fail(part, "a date is 2015, 2015-10 or 2015-10-28; a word like it needs quotes");
  if (!is_in_calendar(text)) fail(part, "the calendar has no such day");
  return {date, date};
}

/// Where the `..` of a range stands; npos for a part that is none. `wait...` is a word, `5..` a range gone wrong.
std::size_t range_dots(std::string_view part, Date today) {
  const std::size_t dots = part.find("..");
  if (dots == part.npos || part.size() == 2) return dots;
  const auto is_side = [&](std::string_view side) {
    return !side.empty() && (is_digit(side[0]) || !relative_day(side, today).empty());
  };
  return is_side(part.substr(0, dots)) || is_side(part.substr(dots + 2)) ? dots : part.npos;
}

/// The part with every relative day in it as a date.
std::string with_dates(std::string_view part, Date today) {
  const auto dated = [&](std::string_view text) {
    const std::string day = relative_day(text, today);
    return day.empty() ? std::string(text) : day;
  };
  const std::size_t dots = range_dots(part, today);
  if (dots == part.npos) return dated(part);
  return dated(part.substr(0, dots)) + ".." + dated(part.substr(dots + 2));
}

/// What is no word is the same in full width, as Chinese input methods give it (`２０１５－１０`): then in ASCII. A
/// word stays as it is.
std::string in_ascii(std::string_view part, Date today) {
  std::string narrow = narrowed(part);
  const bool last = narrow[0] == '-' && all_digits(std::string_view(narrow).substr(1));
  const std::string dated = with_dates(narrow, today);
  const bool days = dated != narrow || looks_like_date(dated) || range_dots(dated, today) != dated.npos;
  return last || days ? narrow : std::string(part);
}

Days parse_range(std::string_view range, std::size_t dots, std::string_view part) {
  const std::string_view from = range.substr(0, dots), to = range.substr(dots + 2);
  if (from.empty() && to.empty()) fail(part, "a range needs a date on one side at least");
  Days days{from.empty() ? "0000-01-01" : parse_days(from, part).first,
            to.empty() ? "9999-12-31" : parse_days(to, part).last};
  if (days.first > days.last) fail(part, "it ends before it begins");
  return days;
}

void add_days(Query& query, const Days& days) {
  if (query.first_day.empty() || query.first_day < days.first) query.first_day = days.first;
  if (query.last_day.empty() || query.last_day > days.last) query.last_day = days.last;
}

void add_day_of_year(Query& query, std::string_view part) {
  const std::string day = fmt::format("2000-{}", part);  // a leap year
  if (day.size() != 10 || !begins_timestamp(day)) {
    fail(part, "a day of every year is 10-28; a word like it needs quotes");
  }
  if (!is_in_calendar(day)) fail(part, "no year has such a day");
  if (!query.day_of_year.empty() && query.day_of_year != part) query.never = true;
  query.day_of_year = part;
}

void add_last(Query& query, std::string_view part) {
  const std::string_view digits = part.substr(1);
  if (!all_digits(digits)) fail(part, "after - comes a number; a word that begins so needs quotes");
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();  // stays when there are too many digits
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (count == 0) fail(part, "the least is -1, the last entry");
  query.last = std::min(count, query.last.value_or(count));
}

void add_literal(Query& query, std::string_view word, bool tag) {
  bool capital = false;
  bool small = false;
  for (std::size_t at = 0; at < word.size();) {
    const Character c = character_at(word, at);
    capital = capital || is_capital(c.code);
    small = small || is_small(c.code);
    at += c.length;
  }
  query.literals.emplace_back(word, small && !capital, tag);
}

void add_unquoted(Query& query, std::string_view typed, Date today) {
  const std::string part = in_ascii(typed, today);
  const std::string dated = with_dates(part, today);
  if (const std::size_t dots = range_dots(dated, today); dots != dated.npos) {
    add_days(query, parse_range(dated, dots, part));
  } else if (looks_like_date(dated)) {
    dated.find('-') < 4 ? add_day_of_year(query, part) : add_days(query, parse_days(dated, part));
  } else if (part[0] == '-') {
    add_last(query, part);
  } else if (const std::size_t hash = hash_sign_length(part, 0); hash > 0) {
    const std::size_t name = tag_name_length(part, hash);
    if (name == 0) fail(part, "a tag needs a name; the sign itself needs quotes");
    if (hash + name != part.size()) fail(part, "a tag ends at punctuation");
    add_literal(query, part.substr(hash), true);
  } else {
    add_literal(query, part, false);
  }
}

}  // namespace

Query Query::parse(std::string_view text, Date today) {
  Query query;
  for (const Part& part : split(text)) {
    if (!part.quoted) {
      add_unquoted(query, part.text, today);
    } else if (part.text.empty()) {
      fail("\"\"", "there is nothing between the quotes");
    } else {
      add_literal(query, part.text, false);
    }
  }
  return query;
}

std::string wire_query(std::string_view text, Date today) {
  std::string wire;
  for (const Part& part : split(text)) {
    if (!wire.empty()) wire += ' ';
    wire += part.quoted ? fmt::format("\"{}\"", part.text) : with_dates(in_ascii(part.text, today), today);
  }
  Query::parse(text, today);
  if (wire.size() > max_query) throw QueryError("the query is too long once its days are written as dates");
  return wire;
}

}  // namespace md2
