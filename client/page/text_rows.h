#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace md2 {

/// Breaks a line of text into rows of a terminal: at words, or between characters that are two columns wide, such as
/// Chinese, where punctuation stays with what it belongs to. Spaces at a break are dropped. A grapheme cluster
/// (common/text/cluster.h) is never parted. Neither is a word that is longer than a row, an address say: it begins a
/// row, and the terminal goes on with it in the next ones. So a terminal still sees that it is one, and it can be
/// clicked and copied.
class TextRows {
 public:
  struct Layout {
    std::size_t columns = 0;  ///< of the terminal, at least 2; 0: nothing is broken
    std::size_t indent = 0;   ///< columns that are taken before each row; less than `columns`
  };

  /// Any line will do, once it is harmless (append_sanitised(), common/text/text.h) and has no tabs; a plain one
  /// (client/page/plain_text.h), as nearly all are, will as it is, and is broken much faster.
  enum class Kind { any, plain };

  /// The line has no newline and must outlive this.
  TextRows(std::string_view line, Layout layout, Kind kind) : line_(line), layout_(layout), kind_(kind) {}

  /// In bytes of the line.
  struct Row {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< without the spaces at the break
  };

  /// Goes to the next row: there is one in any case. False when there is none, or failed().
  bool next();

  Row row() const { return row_; }

  /// A line that was said to be plain is not.
  bool failed() const { return failed_; }

 private:
  /// The last place in a row where a line may end.
  struct Break {
    std::size_t end = 0;   ///< of the line, without the spaces at the break
    std::size_t next = 0;  ///< where the following row begins
  };

  /// How much fits into a row.
  struct Fit {
    std::size_t end = 0;      ///< before the first character that does not fit, which is no space: spaces may hang over
    std::size_t columns = 0;  ///< that it takes at most, with the spaces that hang over
    std::optional<Break> last_break;
  };

  std::optional<Fit> fit(std::size_t begin, std::size_t room) const;
  Fit fit_any(std::size_t begin, std::size_t room) const;
  std::optional<Fit> fit_plain(std::size_t begin, std::size_t room) const;
  std::optional<Break> last_break(std::size_t begin, std::size_t full) const;
  bool pass_long_word(std::size_t& at, std::size_t& column) const;
  bool end_row(Break at);
  bool fail();

  std::string_view line_;
  Layout layout_;
  Kind kind_;
  Row row_;
  std::size_t at_ = 0;  ///< where the next row begins
  bool done_ = false;
  bool failed_ = false;
};

/// TextRows without an indent, on a terminal whose columns are as columns_of() tells them, or 0.
TextRows::Layout whole_rows(int columns);

/// The lines of a harmless text without tabs, broken into rows of the layout: each but the first row is indented. What
/// stands before the first one is the caller's.
std::string in_rows(std::string_view text, TextRows::Layout layout);

}  // namespace md2
