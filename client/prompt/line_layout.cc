#include "client/prompt/line_layout.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "common/text/character.h"
#include "common/text/cluster.h"

namespace md2 {
namespace {

constexpr int tab_stop = 8;
constexpr int widest_cell = 255;  ///< columns
constexpr std::string_view joiner = "\u200d";

/// Takes what is shown, piece by piece, and breaks it into rows. The rows from `begin` to `end` are kept.
class Rows {
 public:
  Rows(int columns, bool wraps, std::size_t begin, std::size_t end)
      : columns_(columns), wraps_(wraps), begin_(begin), end_(end) {
    if (keeps()) rows.emplace_back();
  }

  /// What takes no column: it belongs to the character before it, or, at the beginning of a row, to the next.
  void hidden(std::string_view bytes) {
    if (keeps()) rows.back().bytes += bytes;
  }

  void combined(std::string_view bytes) {
    if (column_ > 0) hidden(bytes);
  }

  void piece(std::string_view bytes, int width, bool marked) { piece(bytes, width, width, marked); }
  void piece(std::string_view bytes, int width, int fewest, bool marked) {
    if (column_ > 0 && column_ + width > columns_) break_row(wraps_ && !uncertain_ && column_ + fewest > columns_);
    if (keeps()) {
      Row& row = rows.back();
      // What was hidden at the beginning of the row is the first cell's.
      row.cells.push_back({row.cells.empty() ? 0 : static_cast<std::uint32_t>(row.bytes.size()),
                           static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(fewest), marked});
      row.bytes += bytes;
      row.columns += width;
      row.uncertain = row.uncertain || fewest < width;
    }
    uncertain_ = uncertain_ || fewest < width;
    column_ += width;
  }

  /// The most columns that a piece may have.
  int widest() const { return std::min(columns_, widest_cell); }

  /// The rest of what was too wide for a row goes on in the next, where no terminal joins it to what is here.
  void part() {
    if (columns_ <= widest_cell) break_row(false);
  }

  void tab(bool marked) {
    for (int left = tab_stop - (column_ < columns_ ? column_ % tab_stop : 0); left > 0; --left) piece(" ", 1, marked);
  }

  /// Behind a full row there is an empty one: the cursor has been there.
  void newline() {
    finish();
    break_row(false);
  }
  void finish() {
    if (column_ >= columns_) break_row(false);
  }

  /// Where the cursor stands when it is on the first column of something so wide.
  Place place_of(int width) const {
    return column_ >= columns_ || column_ + width > columns_ ? Place{row_ + 1, 0} : Place{row_, column_};
  }

  std::size_t count() const { return row_ + 1; }

  std::vector<Row> rows;

 private:
  bool keeps() const { return row_ >= begin_ && row_ < end_; }

  void break_row(bool wraps) {
    if (keeps()) rows.back().wraps = wraps;
    ++row_;
    column_ = 0;
    uncertain_ = false;
    if (keeps()) rows.emplace_back();
  }

  int columns_;
  bool wraps_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t row_ = 0;
  int column_ = 0;
  bool uncertain_ = false;  ///< something in the row is
};

void put_ascii(Rows& rows, std::string_view text, bool marked) {
  for (const char& byte : text) rows.piece({&byte, 1}, 1, marked);
}

bool is_control(char32_t code) {
  return code < 0x20 || code == 0x7f;
}

/// How wide the first piece of a character is: what decides whether it begins in this row.
int first_width(const Character& character, bool ascii_only) {
  if (is_control(character.code) || character.broken() || (character.code >= 0x80 && ascii_only)) return 1;
  return width_of(character.code);
}

void put_character(Rows& rows, std::string_view bytes, const Character& character, bool marked, bool ascii_only) {
  const char32_t code = character.code;
  if (code == '\t') return rows.tab(marked);
  if (is_control(code)) return put_ascii(rows, fmt::format("^{:c}", static_cast<char>(code ^ 0x40)), marked);
  if (character.broken() || (ascii_only && code >= 0x80)) {
    for (const char byte : bytes) put_ascii(rows, fmt::format("\\{:03o}", static_cast<unsigned char>(byte)), marked);
    return;
  }
  if (code >= 0x80 && code < 0xa0)
    return put_ascii(rows, fmt::format("\\x{:02x}", static_cast<unsigned>(code)), marked);
  if (rearranges(code)) return put_ascii(rows, fmt::format("\\u{:04x}", static_cast<unsigned>(code)), marked);
  if (bytes == joiner) return;  // it joins nothing here, but what comes next would be joined by tmux
  const int width = width_of(code);
  width == 0 ? rows.combined(bytes) : rows.piece(bytes, width, marked);
}

/// Several characters that a terminal may take for one.
struct Joined {
  std::size_t length = 0;  ///< bytes, 0: there is nothing of the kind
  int columns = 0;
  int fewest = 0;
};

/// Not a control character or anything that is shown by other characters.
bool stands_for_itself(const Character& character) {
  const char32_t code = character.code;
  return code >= 0x20 && (code < 0x7f || code >= 0xa0) && !character.broken() && !rearranges(code);
}

/// What begins at `at` and belongs together: a cluster, and, since tmux joins whatever follows a joiner, that too.
Joined joined_at(std::string_view text, std::size_t at, const Character& first) {
  // No character that is combined with another begins with a lower byte.
  if (const std::size_t next = at + first.length; next >= text.size() ||
                                                  static_cast<unsigned char>(text[next]) < 0xcc ||
                                                  !stands_for_itself(first) || width_of(first.code) == 0)
    return {};
  const Cluster cluster = cluster_at(text, at);
  Joined joined{cluster.length, cluster.columns, cluster.fewest};
  while (at + joined.length < text.size() && text.substr(at, joined.length).ends_with(joiner)) {
    const Character next = character_at(text, at + joined.length);
    if (next.code < 0x80 || !stands_for_itself(next)) break;
    const Cluster more = cluster_at(text, at + joined.length);
    joined.length += more.length;
    joined.columns += more.columns;
  }
  return joined.fewest < joined.columns ? joined : Joined();
}

/// Of what is wider than a row, the characters that fit.
Joined cut(std::string_view text, std::size_t at, const Joined& joined, int widest) {
  if (joined.columns <= widest) return joined;
  Joined part;
  while (part.length < joined.length) {
    const Character next = character_at(text, at + part.length);
    const int width = width_of(next.code);
    if (part.columns > 0 && part.columns + width > widest) break;
    part.length += next.length;
    part.columns += width;
  }
  part.fewest = std::min(joined.fewest, part.columns);
  return part;
}

/// What is put at once: a character, or several that belong together.
struct Unit {
  Unit(const Rows& rows, std::string_view text, std::size_t at, bool only_ascii)
      : first(character_at(text, at)), ascii_only(only_ascii) {
    const Joined whole = ascii_only ? Joined() : joined_at(text, at, first);
    joined = cut(text, at, whole, rows.widest());
    parted = joined.length < whole.length;
    bytes = text.substr(at, std::max(joined.length, first.length));
  }

  int first_width() const { return joined.length > 0 ? joined.columns : md2::first_width(first, ascii_only); }

  void put(Rows& rows, bool marked) const {
    if (joined.length == 0) return put_character(rows, bytes, first, marked, ascii_only);
    rows.piece(bytes, joined.columns, joined.fewest, marked);
    if (parted) rows.part();
  }

  Character first;
  std::string_view bytes;
  Joined joined;
  bool ascii_only = false;
  bool parted = false;  ///< the rest is too wide for this row
};

void put_prompt(Rows& rows, const LineText& text) {
  const std::string_view prompt = text.prompt;
  for (std::size_t at = 0; at < prompt.size();) {
    if (const std::size_t end = prompt[at] == '\001' ? prompt.find('\002', at) : std::string_view::npos;
        end != std::string_view::npos) {
      rows.hidden(prompt.substr(at + 1, end - at - 1));
      at = end + 1;
      continue;
    }
    const Unit unit(rows, prompt, at, text.ascii_only);
    if (unit.first.code == '\n') {
      rows.newline();
    } else {
      unit.put(rows, false);
    }
    at += unit.bytes.size();
  }
}

/// Returns the place of the cursor.
Place put_line(Rows& rows, const LineText& text, bool in_one_row) {
  Place cursor;
  const std::string_view line = text.line;
  for (std::size_t at = 0; at < line.size();) {
    const Unit unit(rows, line, at, text.ascii_only);
    const std::size_t end = at + unit.bytes.size();
    const bool breaks = unit.first.code == '\n' && !in_one_row;
    if (text.cursor >= at && text.cursor < end) cursor = rows.place_of(breaks ? 0 : unit.first_width());
    if (breaks) {
      rows.newline();
    } else {
      unit.put(rows, at >= text.marked && at < text.marked_end);
    }
    at = end;
  }
  if (text.cursor >= line.size()) cursor = rows.place_of(0);
  return cursor;
}

}  // namespace

Picture lay_out(const LineText& text, const Room& room, std::size_t& first) {
  const auto put = [&](std::size_t begin, std::size_t end, Place& cursor) {
    Rows rows(room.columns, room.wraps, begin, end);
    put_prompt(rows, text);
    cursor = put_line(rows, text, false);
    rows.finish();
    return rows;
  };
  const auto height = static_cast<std::size_t>(room.rows);
  Picture picture;
  Rows rows = put(first, first + height, picture.cursor);
  // Mostly the line fits, or the rows are those of last time.
  const std::size_t last_first = rows.count() - std::min(rows.count(), height);
  std::size_t wanted = std::min(first, last_first);
  wanted = std::min(wanted, picture.cursor.row);
  if (picture.cursor.row >= wanted + height) wanted = picture.cursor.row - height + 1;
  if (wanted != first) rows = put(first = wanted, wanted + height, picture.cursor);
  picture.rows = std::move(rows.rows);
  picture.cursor.row -= first;
  if (first + picture.rows.size() < rows.count()) picture.rows.back().wraps = false;
  return picture;
}

Picture lay_out_in_one_row(const LineText& text, const Room& room, std::size_t& first) {
  Rows rows(std::numeric_limits<int>::max() / 2, false, 0, 1);
  put_prompt(rows, text);
  const int cursor = put_line(rows, text, true).column;
  Row whole = std::move(rows.rows.front());
  const int columns = room.columns;
  int begin = static_cast<int>(std::min<std::size_t>(first, static_cast<std::size_t>(whole.columns)));
  const bool fits = whole.columns < columns;
  if (fits) {
    begin = 0;
  } else if (cursor - begin >= columns - 1 || (begin > 0 && cursor - begin < 1)) {
    begin = std::max(0, cursor - columns * 2 / 3);
  }
  first = static_cast<std::size_t>(begin);
  if (fits) return {{std::move(whole)}, {0, cursor}};

  const bool has_marks = columns >= 4;  // else there is room for little but the cursor
  const bool goes_on = whole.columns - begin >= columns;
  const int end = goes_on ? begin + columns - 1 : whole.columns;
  Rows shown(std::numeric_limits<int>::max() / 2, false, 0, 1);
  if (begin > 0 && has_marks) shown.piece("<", 1, false);
  int column = 0;
  for (std::size_t i = 0; i < whole.cells.size(); column += whole.cells[i++].width) {
    const int width = whole.cells[i].width;
    if (column < begin + (begin > 0 && has_marks ? 1 : 0)) {
      // The other half of a wide character shows as a space.
      for (int left = column + width - begin - (has_marks ? 1 : 0); left > 0; --left) shown.piece(" ", 1, false);
      continue;
    }
    if (column + width > end) break;
    shown.piece(whole.text_of(i), width, whole.cells[i].fewest, whole.cells[i].marked);
  }
  if (goes_on && has_marks) {
    while (shown.rows.front().columns < columns - 1) shown.piece(" ", 1, false);
    shown.piece(">", 1, false);
  }
  return {std::move(shown.rows), {0, cursor - begin}};
}

}  // namespace md2
