#include "client/page.h"

#include <langinfo.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "client/find_matches.h"
#include "common/text/character.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr int narrowest = 20;           ///< columns of a terminal where text beside the hour can be read
constexpr std::size_t text_column = 7;  ///< `21:26  `
constexpr std::size_t tab_stop = 8;     ///< columns
constexpr std::string_view day_on = "\033[1m", day_off = "\033[22m";
constexpr std::string_view hit_on = "\033[7m", hit_off = "\033[27m";
constexpr std::string_view tag_on = "\033[36m", tag_off = "\033[39m";

/// Replaces each tab by the spaces up to its stop.
void expand_tabs(std::string& line) {
  if (line.find('\t') == std::string::npos) return;
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const Character c = character_at(line, at);
    const bool tab = c.code == '\t';
    const std::size_t columns = tab ? tab_stop - column % tab_stop : static_cast<std::size_t>(width_of(c.code));
    tab ? out.append(columns, ' ') : out.append(line, at, c.length);
    column += columns;
    at += c.length;
  }
  line = std::move(out);
}

/// Punctuation that belongs to what stands before it and so begins no line, and that which begins one and ends none.
constexpr std::u32string_view closing = U"、。，．・：；？！”’）］｝〕〉》」』】〗…—～‰％°,.:;?!)]}%";
constexpr std::u32string_view opening = U"“‘（［｛〔〈《「『【〖([{￥＄#＃";

bool is_one_of(std::u32string_view punctuation, char32_t code) {
  return !is_ideograph(code) && punctuation.find(code) != punctuation.npos;
}

/// True when a line may end between the two characters, neither of them a space.
bool breaks(char32_t before, char32_t after) {
  return (is_wide(before) || is_wide(after)) && width_of(after) > 0 && !is_one_of(closing, after) &&
         !is_one_of(opening, before);
}

/// As short as can be understood: `Wed`, but `星期三` where the short name would be `三`.
std::string_view weekday_name(int weekday) {
  const std::string_view name = nl_langinfo(ABDAY_1 + weekday);
  return character_at(name, 0).length < name.size() ? name : nl_langinfo(DAY_1 + weekday);
}

/// How much of a text fits into a line of the screen.
struct Fit {
  std::size_t end = 0;      ///< before the first character that does not fit, which is no space: spaces may hang over
  std::size_t columns = 0;  ///< that it takes at most, with the spaces that hang over
};

Fit fitting(std::string_view line, std::size_t begin, std::size_t width) {
  const std::size_t rest = line.size() - begin;
  if (rest <= width) return {line.size(), rest};  // no character takes more columns than it has bytes
  Fit fit{begin, 0};
  while (fit.end < line.size()) {
    const Character c = character_at(line, fit.end);
    const auto columns = static_cast<std::size_t>(width_of(c.code));
    if (fit.columns + columns > width && c.code != ' ') break;
    fit.columns += columns;
    fit.end += c.length;
  }
  return fit;
}

/// The same for a plain stretch of a line, which holds nothing but printable ASCII and common wide characters of three
/// bytes; nothing when this one is not. Nearly all lines of a diary are plain, need not be sanitised and are looked at
/// once: a page is made in three quarters of the time. Without branches but those at its ends: which kind of character
/// comes next can't be foretold. The character at `end` has not been looked at; the next stretch begins at or before
/// it.
std::optional<Fit> fitting_plain(std::string_view line, std::size_t begin, std::size_t width) {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(line[i]); };
  const auto printable = [](unsigned c) { return static_cast<unsigned>(c - 0x20 < 0x7f - 0x20); };
  Fit fit{begin, 0};
  unsigned plain = 1;
  while (fit.end + 3 <= line.size()) {
    const unsigned first = byte(fit.end);
    const unsigned more = first >> 7U;
    if (fit.columns + more >= width && first != ' ') return plain != 0 ? std::optional(fit) : std::nullopt;
    const unsigned bytes = first << 16U | byte(fit.end + 1) << 8U | byte(fit.end + 2);
    const unsigned three = (bytes & 0xf0c0c0) == 0xe08080;
    const char32_t code = (bytes >> 4U & 0xf000) | (bytes >> 2U & 0xfc0) | (bytes & 0x3f);
    const bool wide = (code - 0x4e00 < 0x5200) | (code - 0x3001 < 0x29) | (code - 0xff01 < 0x60);
    plain &= printable(first) | (three & static_cast<unsigned>(wide));
    fit.columns += 1 + more;
    fit.end += 1 + 2 * more;
  }
  for (; plain != 0 && fit.end < line.size(); ++fit.end, ++fit.columns) {
    if (printable(byte(fit.end)) == 0) return std::nullopt;
    if (fit.columns >= width && line[fit.end] != ' ') break;
  }
  return plain != 0 ? std::optional(fit) : std::nullopt;
}

struct LineBreak {
  std::size_t end;   ///< of the line, without the spaces at the break
  std::size_t next;  ///< where the following line begins
};

/// The last place at or before `full` where the line that begins at `begin` may end. Where there is none, a word longer
/// than the line is cut. At `full` stands a character, no space.
LineBreak last_break(std::string_view line, std::size_t begin, std::size_t full) {
  char32_t after = character_at(line, full).code;
  for (std::size_t at = full; at > begin;) {
    std::size_t previous = at - 1;
    while (previous > begin && goes_on(line[previous])) --previous;
    const char32_t before = character_at(line, previous).code;
    if (before == ' ') {
      const std::size_t word = line.find_last_not_of(' ', previous);
      if (word != line.npos && word >= begin) return {word + 1, at};
      return {at == full ? begin : full, full};  // spaces alone make an empty line
    }
    if (breaks(before, after)) return {at, at};
    after = before;
    at = previous;
  }
  return {full, full};
}

/// The first of the ranges that ends after `at`; an empty one at `none` when there is no such range.
TextRange range_from(const std::vector<TextRange>& ranges, std::size_t at, std::size_t none) {
  const auto range = std::ranges::upper_bound(ranges, at, {}, &TextRange::end);
  return range == ranges.end() ? TextRange{none, none} : *range;
}

}  // namespace

void Page::add(std::string& out, const EntryReader::Item& item) {
  const std::string_view text = item_text(item.raw, item.time.has_value(), scratch_);
  if (!item.time) return add_text(out, text, 0);
  // The header has been checked, so its parts stand where they must: [YYYY-MM-DD HH:MM:...
  const std::string_view header = item.raw;
  if (header.substr(1, 10) != day_) {
    day_ = header.substr(1, 10);
    if (style_.colour) out += day_on;
    out += day_;
    out += ' ';
    append_sanitised(out, weekday_name(weekday(local_date(*item.time))));
    if (style_.colour) out += day_off;
    out += '\n';
  }
  out += header.substr(12, 5);
  const bool beside = style_.columns == 0 || style_.columns >= narrowest;
  out += beside ? "  " : "\n";
  add_text(out, text, beside ? text_column : 0);
}

void Page::add_text(std::string& out, std::string_view text, std::size_t indent) {
  bool first = true;
  for (const std::string_view line : Lines(text)) {
    if (!std::exchange(first, false) && !line.empty()) out.append(indent, ' ');
    if (!add_wrapped(out, line, indent, fitting_plain)) {
      line_.clear();
      append_sanitised(line_, line);
      expand_tabs(line_);
      add_wrapped(out, line_, indent, fitting);
    }
    out += '\n';
  }
}

/// False, and nothing was added, when `fitting` can't tell how some stretch of the line fits.
template <typename Fitting>
bool Page::add_wrapped(std::string& out, std::string_view line, std::size_t indent, Fitting fitting) {
  const std::size_t width =
      style_.columns == 0 ? std::string::npos : static_cast<std::size_t>(std::max(style_.columns, 2)) - indent;
  const std::size_t before = out.size();
  for (std::size_t begin = 0;;) {
    const std::optional<Fit> fit = fitting(line, begin, width);
    if (!fit) {
      out.resize(before);
      return false;
    }
    if (begin == 0 && style_.colour) {
      tags_.clear();
      for (auto tag = find_tag(line, first_hash(line)); tag; tag = find_tag(line, tag->end)) tags_.push_back(*tag);
      find_matches(query_, line, hits_);
    }
    if (fit->end == line.size()) {
      if (fit->columns > width) line = line.substr(0, line.find_last_not_of(' ') + 1);
      add_marked(out, line, begin, line.size());
      return true;
    }
    const LineBreak at = last_break(line, begin, fit->end);
    add_marked(out, line, begin, at.end);
    out += '\n';
    out.append(indent, ' ');
    begin = at.next;
  }
}

void Page::add_marked(std::string& out, std::string_view line, std::size_t begin, std::size_t end) {
  while (begin < end) {
    const TextRange tag = range_from(tags_, begin, end);
    const TextRange hit = range_from(hits_, begin, end);
    const bool in_tag = tag.begin <= begin;
    const bool in_hit = hit.begin <= begin;
    const std::size_t stop = std::min({end, in_tag ? tag.end : tag.begin, in_hit ? hit.end : hit.begin});
    if (in_tag) out += tag_on;
    if (in_hit) out += hit_on;
    out += line.substr(begin, stop - begin);
    if (in_hit) out += hit_off;
    if (in_tag) out += tag_off;
    begin = stop;
  }
}

}  // namespace md2
