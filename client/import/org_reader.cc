#include "client/import/org_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/import/dated_items.h"
#include "client/import/tags.h"
#include "client/import/wall_time.h"
#include "client/import/written_date.h"
#include "client/import/written_time.h"
#include "common/text/text.h"

namespace md2 {
namespace {

std::string_view without_indent(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return trimmed(line);
}

struct Heading {
  std::size_t level = 0;
  std::string_view text;
};

std::optional<Heading> heading_in(std::string_view line) {
  const std::size_t level = std::min(line.find_first_not_of('*'), line.size());
  if (level == 0 || line.substr(level, 1) != " ") return std::nullopt;
  return Heading{level, without_indent(line.substr(level))};
}

/// A heading that begins a day, and what it says besides.
struct Day {
  Date date;
  std::optional<int> second_of_day;
  std::string_view rest;
};

std::optional<Day> day_in(std::string_view text) {
  const bool bracketed = text.starts_with('<') || text.starts_with('[');
  const auto written = read_written_date(text.substr(bracketed ? 1 : 0));
  if (!written) {
    const auto date = read_country_date(text);
    return date ? std::optional(Day{*date, {}, {}}) : std::nullopt;
  }
  std::string_view rest = written->rest;
  if (bracketed && !rest.empty()) rest = trimmed(rest.substr(1));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return Day{written->date, written->second_of_day, rest};
}

/// The year, month or week of a date tree: `2019`, `2019-03 March`, `2019-W10`.
bool holds_days(std::string_view heading) {
  int year = 0;
  const auto end = std::from_chars(heading.data(), heading.data() + heading.size(), year);
  return end.ptr - heading.data() == 4 && (heading.size() == 4 || heading[4] == '-' || heading[4] == ' ');
}

/// Takes `:work:home:` from the end of a title.
std::vector<std::string> take_tags(std::string_view& title) {
  std::vector<std::string> tags;
  if (!title.ends_with(':')) return tags;
  const std::size_t begin = title.find_last_of(" \t") + 1;  // 0 where there is no blank
  std::string_view word = title.substr(begin);
  if (word.size() < 3 || !word.starts_with(':')) return tags;
  word.remove_prefix(1);
  while (!word.empty()) {
    const std::size_t end = word.find(':');
    if (end == 0) return {};
    tags.emplace_back(word.substr(0, end));
    word.remove_prefix(end + 1);
  }
  title = trimmed(title.substr(0, begin));
  return tags;
}

class OrgReader {
 public:
  OrgReader(Clock& clock, const TakeItem& take) : clock_(clock), items_(take) {}

  void take(std::string_view line, std::uint64_t number) {
    if (const auto heading = heading_in(line)) {
      take_heading(*heading, line, number);
      behind_heading_ = true;
    } else if (behind_heading_ && without_indent(line) == ":PROPERTIES:") {
      in_drawer_ = true;
    } else if (in_drawer_) {
      take_property(line);
    } else {
      behind_heading_ = false;
      take_text(line, number);
    }
  }

  void end() { items_.end_of_input(); }

 private:
  void take_heading(const Heading& heading, std::string_view line, std::uint64_t number) {
    in_drawer_ = false;
    if (const auto day = day_in(heading.text); day && (!day_ || heading.level <= day_level_)) {
      items_.end();
      day_ = day->date;
      day_level_ = heading.level;
      in_entry_ = false;
      if (!day->rest.empty()) begin(day->second_of_day.value_or(0), day->rest, number);
    } else if (day_ && heading.level == day_level_ + 1) {
      std::string_view title = heading.text;
      const int second = take_time_of_day(title).value_or(0);
      begin(second, title, number);
    } else if (day_ && heading.level > day_level_) {
      take_text(line, number);
    } else {
      day_.reset();
      items_.begin_paragraphs();
      if (!holds_days(heading.text)) items_.add(heading.text, number);
    }
  }

  void take_property(std::string_view line) {
    constexpr std::string_view created = ":CREATED:";
    line = without_indent(line);
    if (line == ":END:") in_drawer_ = behind_heading_ = false;
    if (!day_ || in_entry_ || !line.starts_with(created)) return;
    std::string digits;
    for (const char c : line.substr(created.size())) {
      if (c >= '0' && c <= '9' && digits.size() < 8) digits += c;
    }
    if (digits.size() < 8) return;
    const Date date{std::stoi(digits.substr(0, 4)), std::stoi(digits.substr(4, 2)), std::stoi(digits.substr(6))};
    if (exists(date)) day_ = date;
  }

  void take_text(std::string_view line, std::uint64_t number) {
    if (day_ && !in_entry_) {
      if (trimmed(line).empty()) return;
      begin(0, line, number);
    } else if (day_ || !line.starts_with("#+")) {
      items_.add(line, number);
    }
  }

  void begin(int second_of_day, std::string_view title, std::uint64_t number) {
    std::string first(title);
    const std::vector<std::string> tags = take_tags(title);
    if (!tags.empty()) first = title;
    for (const std::string& name : tags) {
      const std::string tag = tag_named(name);
      if (!first.empty() && !tag.empty()) first += ' ';
      first += tag;
    }
    items_.begin(wall_time(*day_, second_of_day, clock_), number);
    if (!trimmed(first).empty()) items_.add(first, number);
    in_entry_ = true;
  }

  Clock& clock_;
  DatedItems items_;
  std::optional<Date> day_;
  std::size_t day_level_ = 0;
  bool in_entry_ = false;  ///< of the day
  bool behind_heading_ = false;
  bool in_drawer_ = false;
};

}  // namespace

void read_org(Source& source, Clock& clock, const TakeItem& take) {
  SourceLines lines(source);
  OrgReader reader(clock, take);
  while (const auto line = lines.next()) reader.take(*line, lines.number());
  reader.end();
}

bool is_org_day(std::string_view line) {
  const auto heading = heading_in(line);
  return heading && day_in(heading->text);
}

std::string_view org_heading(std::string_view line) {
  const auto heading = heading_in(line);
  return heading ? heading->text : std::string_view();
}

}  // namespace md2
