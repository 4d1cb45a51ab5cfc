#include "client/line_layout.h"

#include <utf8cpp/utf8.h>
#include <wchar.h>

#include <string_view>

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

  /// Behind the last column the cursor stands at the start of the next row.
  int row() const { return row_ + (column_ >= columns_ ? 1 : 0); }

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
  auto at = text.begin();
  char32_t character = 0;
  try {
    character = utf8::next(at, text.end());
  } catch (const utf8::exception&) {
    character = 0xfffd;  // readline shows a byte that is no character in one column
    at = text.begin() + 1;
  }
  text.remove_prefix(static_cast<std::size_t>(at - text.begin()));
  return character;
}

int width_of(char32_t character) {
  const int width = wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 1 : width;
}

}  // namespace

int rows_above_cursor(std::string_view prompt, std::string_view line, int old_columns, int columns) {
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
  while (!line.empty()) {
    const char32_t character = take_character(line);
    if (character == '\n') {
      layout.newline();
    } else if (character == '\t') {
      layout.tab();
    } else if (character < 0x20 || character == 0x7f) {  // ^X
      layout.glyph(1);
      layout.glyph(1);
    } else {
      layout.glyph(width_of(character));
    }
  }
  return layout.row();
}

}  // namespace md2
