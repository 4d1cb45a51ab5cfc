#include "client/prompt/line_layout.h"

#include "common/text/character.h"

namespace md2 {
namespace {

constexpr int tab_stop = 8;

/// Follows readline's drawing at the old width, as far as that decides what is drawn (a tab becomes spaces up to the
/// next stop or the margin; a line that fills a row leaves an empty one when a newline follows), and lays the result
/// out at the new width.
class Layout {
 public:
  Layout(int old_columns, int columns) : old_columns_(old_columns), columns_(columns) {}

  void glyph(int width) {
    if (width == 0) return;
    if (old_column_ + width > old_columns_) old_column_ = 0;
    old_column_ += width;
    row_is_full_ = old_column_ >= old_columns_;
    if (row_is_full_) old_column_ = 0;

    if (column_ + width > columns_) next_row();
    column_ += width;
  }

  void tab() {
    for (int left = tab_stop - old_column_ % tab_stop; left > 0; --left) {
      glyph(1);
      if (row_is_full_) return;
    }
  }

  void newline() {
    if (row_is_full_) next_row();
    next_row();
    old_column_ = 0;
    row_is_full_ = false;
  }

  /// The row of the cursor when it stands on the first column of a glyph that follows.
  int row_before(int width) const { return row_ + (column_ + width > columns_ ? 1 : 0); }

  /// The row of the cursor when the line ends here, or a newline follows. At the old width readline stepped over the
  /// margin of a full row: to an empty row before a newline, else by writing a space, which takes part in the reflow.
  /// Where the row is full only at the new width, the cursor waits at the margin.
  int row_at_end(bool newline_follows) const {
    if (!row_is_full_) return row_;
    return newline_follows ? row_ + 1 : row_before(1);
  }

 private:
  void next_row() {
    ++row_;
    column_ = 0;
  }

  int old_columns_;
  int columns_;
  int old_column_ = 0;
  bool row_is_full_ = false;  ///< at the old width, with nothing after it
  int row_ = 0;
  int column_ = 0;
};

char32_t take_character(std::string_view& text) {
  const Character character = character_at(text, 0);
  text.remove_prefix(character.length);
  return character.code;
}

bool is_control(char32_t character) {
  return character < 0x20 || character == 0x7f;
}

}  // namespace

int rows_above_cursor(std::string_view prompt, std::string_view line, std::size_t cursor, int old_columns,
                      int columns) {
  Layout layout(old_columns, columns);
  bool shown = true;
  while (!prompt.empty()) {
    const char32_t character = take_character(prompt);
    if (character == 1 || character == 2) {
      shown = character == 2;
    } else if (shown) {
      layout.glyph(width_of(character));
    }
  }
  std::string_view before = line.substr(0, cursor);
  std::string_view after = line.substr(before.size());
  while (!before.empty()) {
    const char32_t character = take_character(before);
    if (character == '\n') {
      layout.newline();
    } else if (character == '\t') {
      layout.tab();
    } else if (is_control(character)) {  // ^X
      layout.glyph(1);
      layout.glyph(1);
    } else {
      layout.glyph(width_of(character));
    }
  }
  if (after.empty() || after.front() == '\n') return layout.row_at_end(!after.empty());
  const char32_t next = take_character(after);
  return layout.row_before(is_control(next) ? 1 : width_of(next));
}

}  // namespace md2
