#include "tests/e2e/screens/session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <wchar.h>

#include <algorithm>
#include <cctype>

#include "common/text/character.h"
#include "common/text/text.h"

namespace md2::test {
namespace {

/// Rows that fill up; one that is full is left at once.
class Paper {
 public:
  explicit Paper(int columns) : columns_(columns) {}

  void put(const std::string& text, int width) {
    if (width == 0) {
      std::string& row = column == 0 && rows.back().empty() && rows.size() > 1 ? rows[rows.size() - 2] : rows.back();
      row += text;
      return;
    }
    if (column + width > columns_) begin_row();
    rows.back() += text;
    column += width;
    if (column >= columns_) begin_row();
  }

  void begin_row() {
    rows.emplace_back();
    column = 0;
  }

  Position place(int width) const {
    const int row = static_cast<int>(rows.size());
    return column + width > columns_ ? Position{row, 0} : Position{row - 1, column};
  }

  std::vector<std::string> rows{""};
  int column = 0;

 private:
  int columns_;
};

/// A character and what is joined to it: the bytes, and what they take all together.
struct Piece {
  std::size_t length = 0;
  int width = 0;
};
Piece joined_at(const std::string& text, std::size_t at) {
  Piece piece;
  bool joins = true;
  for (std::size_t end = at; end < text.size();) {
    const Character character = character_at(text, end);
    const int width = std::max(wcwidth(static_cast<wchar_t>(character.code)), 0);
    if ((width > 0 || character.code < 0x80) && !joins) break;
    if (end > at && character.code < 0x80) break;
    joins = character.code == U'\u200d';
    end += character.length;
    piece = {end - at, piece.width + width};
  }
  return piece;
}

void write_on(Paper& paper, const std::string& text, std::size_t cursor, Position* place) {
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = byte < 0x20 || byte == 0x7f;
    const int width = control ? 1 : std::max(wcwidth(static_cast<wchar_t>(character.code)), 0);
    const Piece joined = joined_at(text, at);
    if (!control && !character.broken() && text.substr(at, joined.length).find("\u200d") < joined.length - 3) {
      if (cursor >= at && cursor < at + joined.length && place != nullptr) *place = paper.place(joined.width);
      paper.put(text.substr(at, joined.length), joined.width);
      at += joined.length;
      continue;
    }
    if (at == cursor && place != nullptr) *place = paper.place(byte == '\n' ? 0 : width);
    if (byte == '\n') {
      paper.begin_row();
    } else if (byte == '\t') {
      for (int left = 8 - paper.column % 8; left > 0; --left) paper.put(" ", 1);
    } else if (control) {
      paper.put("^", 1);
      paper.put(std::string(1, static_cast<char>(byte ^ 0x40)), 1);
    } else if (character.broken()) {
      for (const char digit : fmt::format("\\{:03o}", byte)) paper.put(std::string(1, digit), 1);
    } else {
      paper.put(text.substr(at, character.length), width);
    }
    at += character.length;
  }
  if (cursor >= text.size() && place != nullptr) *place = paper.place(0);
}

std::string without_end_spaces(std::string row) {
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

/// What a terminal makes of a printed line: at the margin it waits.
std::vector<std::string> printed(const std::string& line, int columns) {
  Paper paper(columns);
  write_on(paper, line, 0, nullptr);
  if (paper.column == 0 && paper.rows.size() > 1) paper.rows.pop_back();
  for (std::string& row : paper.rows) row = without_end_spaces(row);
  return paper.rows;
}

std::string without_spaces(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

}  // namespace

LaidOut laid_out(const std::string& prefix, const std::string& line, std::size_t cursor, int columns) {
  Paper paper(columns);
  LaidOut result;
  write_on(paper, prefix, 0, nullptr);
  write_on(paper, line, cursor, &result.cursor);
  for (const std::string& row : paper.rows) result.rows.push_back(without_end_spaces(row));
  result.ends_fresh = paper.column == 0 && paper.rows.size() > 1;
  return result;
}

ScreenSession::ScreenSession(const Setting& setting)
    : columns_(setting.columns), rows_(setting.rows), program_(setting.rows, setting.columns, setting.inputrc) {
  look("started");
  if (!setting.fill) return;
  std::string text;
  for (int i = 0; i < 45; ++i) text += fmt::format("row {} of a full screen\n", i);
  message(text);
}

std::vector<std::string> ScreenSession::everything() const {
  std::vector<std::string> rows(program_.screen().scrolled().begin(), program_.screen().scrolled().end());
  for (const std::string& row : program_.screen().rows()) rows.push_back(row);
  rows.resize(std::max(rows.size(), cursor_row() + 1));
  return rows;
}

std::size_t ScreenSession::cursor_row() const {
  return program_.screen().scrolled().size() + static_cast<std::size_t>(program_.screen().cursor().row);
}

/// Why the screen is wrong, or nothing.
std::string ScreenSession::fault(Above above) const {
  const std::vector<std::string> have = everything();
  const std::size_t at = cursor_row();
  const LaidOut want = laid_out(state_.prefix, state_.line, state_.cursor, columns_);
  std::size_t begin = at;
  if (state_.one_row) {
    if (std::string why = fault_in_one_row(at); !why.empty()) return why;
  } else {
    if (program_.screen().cursor().column != want.cursor.column)
      return fmt::format("the cursor belongs in column {}", want.cursor.column);
    const auto row = static_cast<std::size_t>(want.cursor.row);
    if (static_cast<int>(want.rows.size()) > rows_)
      return have[at] == want.rows[row] ? "" : fmt::format("the cursor's row should be '{}'", want.rows[row]);
    if (at < row) return fmt::format("{} rows of the line belong above the cursor", row);
    begin = at - row;
    for (std::size_t i = 0; i < want.rows.size(); ++i) {
      if ((begin + i < have.size() ? have[begin + i] : "") != want.rows[i])
        return fmt::format("row {} of the line should be '{}'", i, want.rows[i]);
    }
    if (have.size() > begin + want.rows.size() &&
        std::any_of(have.begin() + static_cast<std::ptrdiff_t>(begin + want.rows.size()), have.end(),
                    [](const std::string& other) { return !other.empty(); }))
      return "something stands below the line";
  }
  if (above == Above::unknown || tall_) return "";
  const std::size_t most = std::min(above_.size(), Emulator::kept_rows);
  if (above == Above::longer ? begin < most
                             : program_.screen().scrolled().size() < Emulator::kept_rows && begin != most)
    return fmt::format("above the line stand {} rows, not {}", begin, most);
  if (program_.screen().scrolled().size() >= Emulator::kept_rows) return "";  // what came first is forgotten
  for (std::size_t i = 0; i < above_.size(); ++i) {
    if (have[i] != above_[i]) return fmt::format("row {} from the top should be '{}'", i, above_[i]);
  }
  return "";
}

/// The row is a piece of the line, `<` and `>` where it goes on.
std::string ScreenSession::fault_in_one_row(std::size_t at) const {
  std::string shown = state_.prefix;
  for (const char byte : state_.line) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '\t') {
      shown += ' ';
    } else if (code < 0x20 || code == 0x7f) {
      shown += {'^', static_cast<char>(code ^ 0x40)};
    } else {
      shown += byte;
    }
  }
  const std::string row = everything()[at];
  if (row == without_end_spaces(shown)) return "";
  std::string piece = row;
  if (piece.starts_with('<')) piece.erase(0, 1);
  if (piece.ends_with('>')) piece.pop_back();
  if (without_spaces(shown).find(without_spaces(piece)) == std::string::npos)
    return fmt::format("the row is no piece of '{}'", shown);
  return everything().size() > at + 1 ? "something stands below the line" : "";
}

/// Waits until the screen is right.
void ScreenSession::look(std::string_view did, Above above) {
  done_ += fmt::format("  {}\n", sanitised(std::string(did)));
  try {
    state_ = program_.state();
  } catch (const Failure& failure) {
    throw Failure(fmt::format("{}\n{}", failure.what(), done_));
  }
  for (std::string& line : program_.lines()) handed_over_.push_back(std::move(line));
  ++states_;
  if (state_.holds_key) throw Failure(fmt::format("a key has done nothing yet\n{}", picture()));
  const Deadline deadline;
  if (!program_.wait_for([&] { return fault(above).empty(); }, deadline))
    throw Failure(fmt::format("{}\n{}", fault(above), picture()));
  const bool tall =
      !state_.one_row && static_cast<int>(laid_out(state_.prefix, state_.line, 0, columns_).rows.size()) > rows_;
  if (above != Above::known || (tall_ && !tall)) take_above();
  tall_ = tall;
}

void ScreenSession::take_above() {
  above_ = everything();
  const LaidOut want = laid_out(state_.prefix, state_.line, state_.cursor, columns_);
  const auto row = static_cast<std::size_t>(state_.one_row ? 0 : want.cursor.row);
  above_.resize(cursor_row() - std::min(cursor_row(), row));
}

/// The rows of a line that is over. Behind a full row, and behind a newline, the last one is as good as a fresh one.
void ScreenSession::add_above(const std::string& prefix, const std::string& text) {
  auto [rows, cursor, ends_fresh] = laid_out(prefix, text, 0, columns_);
  if (ends_fresh) rows.pop_back();
  above_.insert(above_.end(), rows.begin(), rows.end());
}

void ScreenSession::type(std::string_view keys) {
  program_.type(keys);
  look(fmt::format("type '{}'", keys));
}

void ScreenSession::type_in_bytes(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at).length;
    for (std::size_t i = 0; i + 1 < length; ++i) {
      program_.type_begun(text.substr(at + i, 1));
      message("in the middle of a character\n");
    }
    type(text.substr(at + length - 1, 1));
    at += length;
  }
}

void ScreenSession::paste(std::string_view text) {
  const LineState before = state_;
  program_.type(fmt::format("\x1b[200~{}\x1b[201~", text));
  look(fmt::format("paste '{}'", text));
  std::string want = before.line;
  want.insert(before.cursor, text);
  if (before.inserts && state_.line != want)
    throw Failure(fmt::format("'{}' was pasted, and the line is '{}'\n{}", text, state_.line, picture()));
}

void ScreenSession::list(std::string_view keys) {
  program_.type(keys);
  look(fmt::format("type '{}'", keys), state_.one_row ? Above::unknown : Above::longer);
}

void ScreenSession::enter() {
  const LineState before = state_;
  const std::size_t count = handed_over_.size();
  if (!before.one_row) add_above(before.main_prefix, before.line);
  program_.type("\r");
  look("Enter", before.one_row ? Above::unknown : Above::known);
  if (handed_over_.size() != count + 1 || handed_over_.back() != before.line)
    throw Failure(fmt::format("the line '{}' was not handed over as it is\n{}", before.line, picture()));
}

void ScreenSession::interrupt() {
  // The mark of a modified line goes with what can be undone, before the line does.
  const std::string& prefix = state_.main_prefix;
  if (!state_.one_row) add_above(prefix.starts_with('*') ? prefix.substr(1) : prefix, state_.line + "\x03");
  program_.interrupt();
  look("Ctrl-C", state_.one_row ? Above::unknown : Above::known);
  if (!state_.line.empty() || !state_.inserts)
    throw Failure(fmt::format("the next line does not begin as any does\n{}", picture()));
}

void ScreenSession::clear() {
  program_.type("\x0c");
  look("Ctrl-L", Above::unknown);
}

void ScreenSession::message(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::vector<std::string> rows = printed(text.substr(at, end - at), columns_);
    above_.insert(above_.end(), rows.begin(), rows.end());
    at = end + 1;
  }
  program_.tell(text);
  look(fmt::format("message '{}'", text));
}

void ScreenSession::resize(int rows, int columns) {
  resize_often({{rows, columns}});
}

void ScreenSession::resize_often(const std::vector<Position>& sizes) {
  const bool reflows = std::any_of(sizes.begin(), sizes.end(), [&](Position size) { return size.column != columns_; });
  std::string did = "resize to";
  for (const Position size : sizes) {
    did += fmt::format(" {}x{}", size.column, size.row);
    program_.resize(rows_ = size.row, columns_ = size.column);
  }
  look(did, reflows ? Above::unknown : Above::known);
}

std::string ScreenSession::picture() const {
  const LaidOut want = laid_out(state_.prefix, state_.line, state_.cursor, columns_);
  std::string text = fmt::format("{}the line '{}', the cursor at {}; wanted, the cursor in row {}, column {}:\n", done_,
                                 sanitised(state_.line), state_.cursor, want.cursor.row, want.cursor.column);
  for (const std::string& row : want.rows) text += "  |" + row + '\n';
  text += fmt::format("seen, in {} columns and {} rows, the cursor in row {}, column {}:\n", columns_, rows_,
                      cursor_row(), program_.screen().cursor().column);
  const std::vector<std::string> have = everything();
  for (std::size_t i = have.size() - std::min<std::size_t>(have.size(), 40); i < have.size(); ++i)
    text += fmt::format("{:3}|{}\n", i, have[i]);
  text += "above, wanted:\n";
  for (std::size_t i = above_.size() - std::min<std::size_t>(above_.size(), 20); i < above_.size(); ++i)
    text += fmt::format("{:3}|{}\n", i, above_[i]);
  return text;
}

}  // namespace md2::test
