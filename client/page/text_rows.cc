#include "client/page/text_rows.h"

#include <algorithm>

#include "client/page/plain_text.h"
#include "common/text/character.h"
#include "common/text/cluster.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

/// Punctuation that belongs to what stands before it and so begins no line, and that which begins one and ends none.
constexpr std::u32string_view closing = U"、。，．・：；？！”’）］｝〕〉》」』】〗…—～‰％°｡､･｣,.:;?!)]}%";
constexpr std::u32string_view opening = U"“‘（［｛〔〈《「『【〖｢([{￥＄#＃";

bool is_one_of(std::u32string_view punctuation, char32_t code) {
  return !is_ideograph(code) && punctuation.find(code) != punctuation.npos;
}

/// Written like Chinese, without spaces: what is two columns wide, and the half-width katakana.
bool is_written_closely(const Cluster& cluster) {
  return cluster.wide || (cluster.first >= U'｡' && cluster.first <= U'ﾟ');
}

/// True when a line may end between the two, neither of them a bare space.
bool breaks(const Cluster& before, const Cluster& after) {
  if (after.first == ' ') return true;  // with a mark on it
  return (is_written_closely(before) || is_written_closely(after)) && after.columns > 0 &&
         !is_one_of(closing, after.first) && !is_one_of(opening, before.first);
}

/// A bare space, which nobody misses when it is dropped: no mark stands on it.
bool is_blank(const Cluster& cluster) {
  return cluster.first == ' ' && cluster.length == 1;
}

/// Behind the spaces that stand at `at`; the line's size when nothing else does.
std::size_t behind_blanks(std::string_view line, std::size_t at) {
  const std::size_t next = line.find_first_not_of(' ', at);
  if (next == line.npos) return line.size();
  return next > at && !is_blank(cluster_at(line, next - 1)) ? next - 1 : next;
}

/// The same of two characters of a plain line.
bool breaks(char32_t before, char32_t after) {
  return (is_wide(before) || is_wide(after)) && !is_one_of(closing, after) && !is_one_of(opening, before);
}

}  // namespace

bool TextRows::next() {
  if (done_ || failed_) return false;
  row_.begin = at_;
  std::size_t from = at_;
  std::size_t column = layout_.indent;
  for (;;) {
    const std::size_t room = layout_.columns == 0 ? std::string_view::npos : layout_.columns - column;
    const std::optional<Fit> found = fit(from, room);
    if (!found) return fail();
    if (found->end == line_.size()) {
      done_ = true;
      row_.end = found->columns > room ? std::max(row_.begin, line_.find_last_not_of(' ') + 1) : line_.size();
      return true;
    }
    if (found->last_break) return end_row(*found->last_break);
    if (from > at_) return end_row({from, behind_blanks(line_, from)});
    // Not even one word fits. Behind it, the row where the terminal ends it has room again.
    from = found->end;
    if (!pass_long_word(from, column)) return fail();
  }
}

bool TextRows::end_row(Break at) {
  row_.end = at.end;
  at_ = at.next;
  return true;
}

bool TextRows::fail() {
  failed_ = true;
  return false;
}

/// From `at`, inside a word that begins the row, to its end, and over one character at least, which may be wider than
/// any row; `column` becomes the one where the terminal has it. False when the line is not of its kind.
bool TextRows::pass_long_word(std::size_t& at, std::size_t& column) const {
  const std::size_t inside = at;
  Cluster before;
  for (at = row_.begin; at < line_.size(); at += before.length) {
    const Cluster cluster = cluster_at(line_, at);
    const bool alone = cluster.length == (cluster.first < 0x80 ? 1 : 3);
    if (kind_ == Kind::plain && !(alone && is_plain(cluster.first))) return false;
    if (at > row_.begin && at >= inside && (is_blank(cluster) || breaks(before, cluster))) break;
    const std::size_t columns = std::min(static_cast<std::size_t>(cluster.columns), layout_.columns);
    column = column + columns > layout_.columns ? columns : column + columns;
    before = cluster;
  }
  return true;
}

std::optional<TextRows::Fit> TextRows::fit(std::size_t begin, std::size_t room) const {
  return kind_ == Kind::plain ? fit_plain(begin, room) : fit_any(begin, room);
}

TextRows::Fit TextRows::fit_any(std::size_t begin, std::size_t room) const {
  const std::size_t rest = line_.size() - begin;
  if (rest <= room) return {line_.size(), rest, {}};  // no character takes more columns than it has bytes
  Fit found{begin, 0, {}};
  Cluster before;
  std::optional<std::size_t> word_end;  // behind the last character that is no space
  while (found.end < line_.size()) {
    const Cluster cluster = cluster_at(line_, found.end);
    const auto columns = static_cast<std::size_t>(cluster.columns);
    if (!is_blank(cluster)) {
      const bool full = found.columns + columns > room;
      if (is_blank(before) && (word_end || full)) {
        found.last_break = {word_end.value_or(begin), found.end};
      } else if (found.end > begin && !is_blank(before) && breaks(before, cluster)) {
        found.last_break = {found.end, found.end};
      }
      if (full) break;
      word_end = found.end + cluster.length;
    }
    found.columns += columns;
    found.end += cluster.length;
    before = cluster;
  }
  return found;
}

/// Behind what is fitted in blocks, without branches but those at its ends: which kind of character comes next can't be
/// foretold. The character at `end` has not been looked at; the next stretch begins at or before it.
std::optional<TextRows::Fit> TextRows::fit_plain(std::size_t begin, std::size_t room) const {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(line_[i]); };
  const PlainText blocks = leading_plain_text(line_.substr(begin), room);
  Fit found{begin + blocks.bytes, blocks.columns, {}};
  unsigned plain = 1;
  const auto full = [&]() -> std::optional<Fit> {
    if (plain == 0) return std::nullopt;
    found.last_break = last_break(begin, found.end);
    return found;
  };
  while (found.end + 3 <= line_.size()) {
    const unsigned first = byte(found.end);
    const unsigned more = first >> 7U;
    if (found.columns + more >= room && first != ' ') return full();
    const unsigned bytes = first << 16U | byte(found.end + 1) << 8U | byte(found.end + 2);
    const unsigned three = (bytes & 0xf0c0c0) == 0xe08080;
    const char32_t code = more == 0 ? first : (bytes >> 4U & 0xf000) | (bytes >> 2U & 0xfc0) | (bytes & 0x3f);
    plain &= ((more ^ 1U) | three) & static_cast<unsigned>(is_plain(code));
    found.columns += 1 + more;
    found.end += 1 + 2 * more;
  }
  for (; plain != 0 && found.end < line_.size(); ++found.end, ++found.columns) {
    if (byte(found.end) >= 0x80 || !is_plain(byte(found.end))) return std::nullopt;
    if (found.columns >= room && line_[found.end] != ' ') return full();
  }
  return plain != 0 ? std::optional(found) : std::nullopt;
}

/// The last place at or before `full` where a plain row that begins at `begin` may end; nothing inside its first word.
/// At `full` stands a character, no space.
std::optional<TextRows::Break> TextRows::last_break(std::size_t begin, std::size_t full) const {
  char32_t after = character_at(line_, full).code;
  for (std::size_t at = full; at > begin;) {
    const std::size_t previous = character_before(line_, at);
    const char32_t before = character_at(line_, previous).code;
    if (before == ' ') {
      const std::size_t word = line_.find_last_not_of(' ', previous);
      if (word != line_.npos && word >= begin) return Break{word + 1, at};
      return at == full ? std::optional(Break{begin, full}) : std::nullopt;  // spaces alone make an empty row
    }
    if (breaks(before, after)) return Break{at, at};
    after = before;
    at = previous;
  }
  return std::nullopt;
}

TextRows::Layout whole_rows(int columns) {
  return {columns == 0 ? 0 : static_cast<std::size_t>(std::max(columns, 2)), 0};
}

std::string in_rows(std::string_view text, TextRows::Layout layout) {
  std::string out;
  for (const std::string_view line : Lines(text)) {
    if (line.data() != text.data()) out.append(1, '\n').append(line.empty() ? 0 : layout.indent, ' ');
    for (TextRows rows(line, layout, TextRows::Kind::any); rows.next();) {
      const TextRows::Row row = rows.row();
      if (row.begin > 0) out.append(1, '\n').append(layout.indent, ' ');
      out += line.substr(row.begin, row.end - row.begin);
    }
  }
  return out;
}

}  // namespace md2
