#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "client/prompt/line_layout.h"

namespace md2 {

/// Knows what it has drawn of a line on a terminal, and makes of it what is to be there, with few bytes. What it writes
/// is kept for take(); it does no input and no output.
///
/// The rows belong to the painter from the cursor's on down. It never lets the terminal insert or delete: half a wide
/// character that is moved or cut takes its other half with it, each terminal in its own way. What differs is written
/// anew up to the end of its row. Where text goes on in the next row, the terminal wraps by itself, so that it joins
/// the two when it gets wider, and a row that becomes shorter is written anew from its beginning, so that the terminal
/// counts no spaces that are left of it. So it is known how many rows the line has when the terminal reflows it.
///
/// Behind what terminals count differently, a place has no column that is known, only cells before it: the cursor gets
/// there by writing them again, from the last column that all terminals agree about.
class Painter {
 public:
  struct Terminal {
    bool moves = true;      ///< knows the sequences of ECMA-48 that move and erase; else only \r and \b are used
    std::string mark;       ///< begins what is marked
    std::string mark_ends;  ///< ends it
  };

  explicit Painter(Terminal terminal) : terminal_(std::move(terminal)) {}

  /// Shows the picture, of a room with so many columns.
  void paint(Picture next, int columns);

  /// Nothing of the line is on the screen, nor of the row in which it began, wherever in it a terminal that has been
  /// resized has put the cursor; the cursor is where it began.
  void erase();

  /// The cursor, which stands in the last row, goes to the one below; the line stays as it is.
  void leave();

  /// Somebody else has written: the cursor is in the first column of a row that the painter has not used.
  void forget();

  /// Somebody else has written, in the row of the cursor and no other, and left the cursor in its first column.
  void disturbed();

  /// The terminal has so many columns and rows now, and has reflowed what was drawn. Erases it.
  void reflow(int columns, int rows);

  bool moves() const { return terminal_.moves; }
  bool shows_line() const { return !shown_.rows.empty(); }

  void put(std::string_view bytes) { out_ += bytes; }
  std::string take() { return std::exchange(out_, {}); }

 private:
  struct Change {
    bool any = false;
    std::size_t cell = 0;  ///< the first to be written
  };
  static Change change_of(const Row& have, const Row& want);
  bool colours_differ(const Picture& next) const;
  void paint_rows(const Picture& next);
  void paint_in_place(const Picture& next);
  void write_last(const Row& row, std::size_t number);
  void write_from(const Row& want, std::size_t row, std::size_t cell);
  void write_cells(const Row& row, std::size_t from, std::size_t to);
  void move_to(Place place);
  void move_in(const Row& row, Place place);
  std::size_t rows_above_cursor(int columns) const;

  Terminal terminal_;
  std::string out_;
  Picture shown_;        ///< no rows: the cursor is in the first column of a row that is not used
  int columns_ = 0;      ///< of the room in which shown_ was drawn
  Place at_;             ///< of the cursor; in column columns_ it waits at the margin
  bool adrift_ = false;  ///< the terminal may count at_'s column differently
};

}  // namespace md2
