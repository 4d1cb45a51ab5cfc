#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/screens/line_program.h"
#include "tests/support/emulator.h"

namespace md2::test {

/// The rows that text takes on a terminal, and where a byte of it stands: written apart from the program's own layout,
/// to tell when that is wrong. See lay_out() for what is right.
struct LaidOut {
  std::vector<std::string> rows;
  Position cursor;
  bool ends_fresh = false;  ///< nothing stands in the last row, not even a space
};
LaidOut laid_out(const std::string& prefix, const std::string& line, std::size_t cursor, int columns);

/// How a terminal and its user are set up.
struct Setting {
  int columns = 80;
  int rows = 24;
  std::string inputrc;
  bool fill = false;  ///< the screen is full of what was printed
};

/// Somebody at a line editor, who looks at the screen after each thing that he does: the line and the cursor must be
/// where they belong, and above them all that was printed, once and in order. Throws Failure, with the picture, when
/// they are not. What is not known is taken as it is: what a terminal that cuts leaves above when it is resized.
class ScreenSession {
 public:
  explicit ScreenSession(const Setting& setting);

  void type(std::string_view keys);
  /// Byte by byte; between the bytes of a character comes a message.
  void type_in_bytes(std::string_view text);
  void paste(std::string_view text);
  /// Tab and its kin: a list may stand above the line afterwards.
  void list(std::string_view keys);
  void enter();
  void interrupt();
  void clear();
  void message(const std::string& text);
  void resize(int rows, int columns);
  /// One after another; between them nobody waits.
  void resize_often(const std::vector<Position>& sizes);

  const LineState& line() const { return state_; }
  const std::vector<std::string>& handed_over() const { return handed_over_; }
  int columns() const { return columns_; }
  int rows() const { return rows_; }
  std::size_t states() const { return states_; }

 private:
  /// What is known of what stands above the line.
  enum class Above { known, longer, unknown };

  void look(std::string_view did, Above above = Above::known);
  std::string fault(Above above) const;
  std::string fault_in_one_row(std::size_t at) const;
  std::vector<std::string> everything() const;
  std::size_t cursor_row() const;
  void take_above();
  void add_above(const std::string& prefix, const std::string& text);
  std::string picture() const;

  int columns_;
  int rows_;
  LineProgram program_;
  LineState state_;
  std::vector<std::string> above_;
  std::vector<std::string> handed_over_;
  std::string done_;  ///< what was done so far
  std::size_t states_ = 0;
  bool tall_ = false;  ///< the line was taller than the screen: what stands above is not known
};

}  // namespace md2::test
