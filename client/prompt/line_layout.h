#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// What is to be seen of a line: the prompt, then the line, as one text.
struct LineText {
  std::string prompt;          ///< may hold what is not shown between \001 and \002
  std::string_view line;       ///< of any bytes
  std::size_t cursor = 0;      ///< a byte offset in `line`
  std::size_t marked = 0;      ///< the first byte of the region that is shown marked
  std::size_t marked_end = 0;  ///< the byte behind it
  bool ascii_only = false;     ///< every other byte is shown as \ooo

  bool operator==(const LineText&) const = default;
};

/// One character and what is combined with it, as it goes to the terminal.
struct Cell {
  std::uint32_t begin = 0;  ///< in the row's bytes; its end is where the next cell begins
  std::uint8_t width = 1;   ///< columns, the most that a terminal gives it
  std::uint8_t fewest = 1;  ///< columns, the least that one gives it
  bool marked = false;

  /// Only the terminal knows in which column the next cell begins.
  bool uncertain() const { return fewest < width; }
  bool operator==(const Cell&) const = default;
};

/// One row of the screen.
struct Row {
  std::string bytes;  ///< of all cells
  std::vector<Cell> cells;
  int columns = 0;         ///< that the cells take
  bool wraps = false;      ///< the terminal itself goes on in the next row: nothing but the margin parts the two
  bool uncertain = false;  ///< a cell is

  std::string_view text_of(std::size_t cell) const {
    const std::size_t end = cell + 1 < cells.size() ? cells[cell + 1].begin : bytes.size();
    return std::string_view(bytes).substr(cells[cell].begin, end - cells[cell].begin);
  }
  bool operator==(const Row&) const = default;
};

struct Place {
  std::size_t row = 0;
  int column = 0;

  bool operator==(const Place&) const = default;
};

/// Rows, and where the cursor stands in them.
struct Picture {
  std::vector<Row> rows;
  Place cursor;
};

/// How large the room for a line is. At least one row and one column.
struct Room {
  int columns = 80;
  int rows = 24;
  bool wraps = true;  ///< the terminal goes on in the next row when one is full
};

/// The rows that a line takes, as readline has them: a row that is full is left at once, so that the cursor has a place
/// behind it; a wide character that does not fit goes to the next row; a tab is spaces up to the next multiple of
/// eight, which go on in the next row; a control character is ^X, a byte that is not UTF-8 is \ooo. A character that a
/// terminal would obey or that has no width of its own is shown as it is elsewhere (`\x9b`, `\u202e`), not as it is.
///
/// What terminals count differently (cluster.h) is one cell of the most columns that one of them gives it, so that no
/// terminal wraps a row earlier, and its row is left by an explicit break, in case one would wrap it later. A cursor in
/// the middle of it stands at its beginning.
///
/// Of a line that is taller than the room, only as many rows as fit: from `first` on, which is changed as little as can
/// be for the cursor's row to be among them. Takes time in proportion to the line, and memory to the room.
Picture lay_out(const LineText& text, const Room& room, std::size_t& first);

/// The line in one row that scrolls sideways (horizontal-scroll-mode), `<` and `>` where it goes on. `first` is the
/// column that it begins with, and is changed when the cursor would come too near to an end.
Picture lay_out_in_one_row(const LineText& text, const Room& room, std::size_t& first);

}  // namespace md2
