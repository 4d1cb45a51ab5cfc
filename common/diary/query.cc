#include "common/diary/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "common/text/character.h"
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
  std::string_view text;  ///< without the quotes
  bool quoted = false;
};

std::vector<Part> split(std::string_view query) {
  if (query.size() > max_query) {
    throw QueryError(
        fmt::format("the query has {} bytes, more than the {} that one may have", query.size(), max_query));
  }
  if (const std::string fault = text_fault(query); !fault.empty())
    throw QueryError(fmt::format("cannot read the query: {}; it must be text in UTF-8", fault));
  std::vector<Part> parts;
  for (std::size_t at = 0; at < query.size();) {
    const Character c = character_at(query, at);
    std::size_t end = at + c.length;
    if (c.code == '"') {
      end = query.find('"', end);
      if (end == std::string_view::npos) fail(query.substr(at), "the quote is not closed");
      parts.push_back({query.substr(at + 1, end - at - 1), true});
      ++end;
    } else if (!is_space(c.code)) {
      while (end < query.size() && !is_space(character_at(query, end).code)) end += character_at(query, end).length;
      parts.push_back({query.substr(at, end - at), false});
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
  if (part == "today" || part == "今天") return to_string(today);
  if (part == "yesterday" || part == "昨天") return to_string(day_before(today));
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

bool has_shape(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                    [](char c, char s) { return s == 'd' ? is_digit(c) : c == s; });
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

struct Days {
  std::string first, last;
};

/// The days of a year, a month or a day. `part` is shown when they don't exist.
Days parse_days(std::string_view text, std::string_view part) {
  const std::string date(text);
  if (has_shape(text, "dddd")) return {date + "-01-01", date + "-12-31"};
  if (has_shape(text, "dddd-dd")) {
    const int month = number(text.substr(5));
    if (month < 1 || month > 12) fail(part, fmt::format("there is no month {:02}", month));
    return {date + "-01", date + "-31"};
  }
  if (!has_shape(text, "dddd-dd-dd")) fail(part, "a date is 2015, 2015-10 or 2015-10-28; a word like it needs quotes");
  if (!exists({number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8))})) {
    fail(part, "the calendar has no such day");
  }
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

Days parse_range(std::string_view range, std::size_t dots, std::string_view part) {
  const std::string_view from = range.substr(0, dots), to = range.substr(dots + 2);
  if (from.empty() && to.empty()) fail(part, "a range needs a date on one side at least");
  Days days{from.empty() ? "0000-01-01" : parse_days(from, part).first,
            to.empty() ? "9999-12-31" : parse_days(to, part).last};
  if (days.first > days.last) fail(part, "it ends before it begins");
  return days;
}

}  // namespace

Query Query::parse(std::string_view text, Date today) {
  Query query;
  for (const Part& part : split(text)) {
    if (!part.quoted) {
      query.add(part.text, today);
    } else if (part.text.empty()) {
      fail("\"\"", "there is nothing between the quotes");
    } else {
      query.add_literal(part.text, false);
    }
  }
  return query;
}

void Query::add(std::string_view part, Date today) {
  const std::string dated = with_dates(part, today);
  if (const std::size_t dots = range_dots(dated, today); dots != dated.npos) {
    const Days days = parse_range(dated, dots, part);
    add_days(days.first, days.last);
  } else if (looks_like_date(dated)) {
    if (dated.find('-') < 4) return add_day_of_year(part);
    const Days days = parse_days(dated, part);
    add_days(days.first, days.last);
  } else if (part[0] == '-') {
    add_last(part);
  } else if (const std::size_t hash = hash_length(part, 0); hash > 0) {
    const std::size_t name = tag_name_length(part, hash);
    if (name == 0) fail(part, "a tag needs a name; the sign itself needs quotes");
    if (hash + name != part.size()) fail(part, "a tag ends at punctuation");
    add_literal(part.substr(hash), true);
  } else {
    add_literal(part, false);
  }
}

void Query::add_last(std::string_view part) {
  const std::string_view digits = part.substr(1);
  if (!all_digits(digits)) fail(part, "after - comes a number; a word that begins so needs quotes");
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();  // stays when there are too many digits
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (count == 0) fail(part, "the least is -1, the last entry");
  last_ = std::min(count, last_.value_or(count));
}

void Query::add_day_of_year(std::string_view part) {
  if (!has_shape(part, "dd-dd")) fail(part, "a day of every year is 10-28; a word like it needs quotes");
  constexpr int leap_year = 2000;
  if (!exists({leap_year, number(part.substr(0, 2)), number(part.substr(3))})) fail(part, "no year has such a day");
  if (!day_of_year_.empty() && day_of_year_ != part) never_ = true;
  day_of_year_ = part;
}

void Query::add_days(std::string_view first, std::string_view last) {
  if (first_day_.empty() || first_day_ < first) first_day_ = first;
  if (last_day_.empty() || last_day_ > last) last_day_ = last;
}

void Query::add_literal(std::string_view bytes, bool tag) {
  const bool capital = std::any_of(bytes.begin(), bytes.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool small = std::any_of(bytes.begin(), bytes.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  literals_.emplace_back(bytes, small && !capital, tag);
}

bool Query::matches_day(std::string_view day) const {
  if (never_) return false;
  if (!first_day_.empty() && (day < first_day_ || day > last_day_)) return false;
  return day_of_year_.empty() || day.substr(5) == day_of_year_;
}

bool Query::matches(std::string_view raw, bool has_header) {
  if (empty()) return true;
  if (dated() && (!has_header || !matches_day(raw.substr(1, 10)))) return false;
  if (!has_header && raw.find_first_not_of(" \t\r\n") == raw.npos) return false;
  if (literals_.empty()) return true;
  const std::string_view text = text_of(raw, has_header, text_);
  return std::all_of(literals_.begin(), literals_.end(),
                     [&](const Literal& literal) { return literal.find(text, 0).has_value(); });
}

std::vector<Literal> Query::required_literals() const {
  std::vector<Literal> literals = literals_;
  std::erase_if(literals, [](const Literal& literal) { return literal.bytes().find('\n') != std::string::npos; });
  std::stable_sort(literals.begin(), literals.end(),
                   [](const Literal& a, const Literal& b) { return a.bytes().size() > b.bytes().size(); });
  if (!day_of_year_.empty()) literals.emplace_back("-" + day_of_year_ + " ");
  if (!first_day_.empty()) {
    const auto differ = std::mismatch(first_day_.begin(), first_day_.end(), last_day_.begin()).first;
    literals.emplace_back("[" + std::string(first_day_.begin(), differ));
  }
  return literals;
}

void Query::find_all(std::string_view line, std::vector<TextRange>& ranges) const {
  ranges.clear();
  for (const Literal& literal : literals_) {
    for (auto hit = literal.find(line, 0); hit; hit = literal.find(line, hit->end)) ranges.push_back(*hit);
  }
  if (ranges.size() < 2) return;
  std::sort(ranges.begin(), ranges.end(), [](const TextRange& a, const TextRange& b) { return a.begin < b.begin; });
  auto last = ranges.begin();
  for (auto range = std::next(last); range != ranges.end(); ++range) {
    if (range->begin <= last->end) {
      last->end = std::max(last->end, range->end);
    } else {
      *++last = *range;
    }
  }
  ranges.erase(std::next(last), ranges.end());
}

std::string wire_query(std::string_view text, Date today) {
  std::string wire;
  for (const Part& part : split(text)) {
    if (!wire.empty()) wire += ' ';
    wire += part.quoted ? fmt::format("\"{}\"", part.text) : with_dates(part.text, today);
  }
  Query::parse(text, today);
  if (wire.size() > max_query) throw QueryError("the query is too long once its days are written as dates");
  return wire;
}

}  // namespace md2
