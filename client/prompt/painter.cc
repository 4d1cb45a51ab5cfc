#include "client/prompt/painter.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include <fmt/format.h>

namespace md2 {
namespace {

constexpr std::string_view erase_row_end = "\x1b[K";
constexpr std::string_view erase_below = "\x1b[J";

/// From the first column on. tmux takes \x1b[J in the first column of the first row for "the screen is over", and keeps
/// in its history what was there: so not from the first column.
constexpr std::string_view erase_from_row = "\x1b[K\x1b[C\x1b[J\r";

constexpr int short_way = 4;  ///< columns to the left that are as well gone one by one

int column_of(const Row& row, std::size_t cell) {
  int column = 0;
  for (std::size_t i = 0; i < cell; ++i) column += row.cells[i].width;
  return column;
}

/// The first cell from `cell` on that terminals count differently; the row's end when there is none.
std::size_t uncertain_cell(const Row& row, std::size_t cell) {
  while (cell < row.cells.size() && !row.cells[cell].uncertain()) ++cell;
  return cell;
}

std::size_t cell_at(const Row& row, int column) {
  std::size_t cell = 0;
  for (int at = 0; cell < row.cells.size() && at < column; ++cell) at += row.cells[cell].width;
  return cell;
}

/// All terminals agree how many columns lie between the two.
bool is_even(const Row& row, int from, int to) {
  return uncertain_cell(row, cell_at(row, std::min(from, to))) >= cell_at(row, std::max(from, to));
}

/// The last cell of the picture with a sequence that changes the colour, as row and cell; {0, 0} when there is none.
std::pair<std::size_t, std::size_t> last_colour(const Picture& picture) {
  for (std::size_t row = picture.rows.size(); row-- > 0;) {
    const std::size_t at = picture.rows[row].bytes.rfind('\x1b');
    if (at == std::string::npos) continue;
    const auto& cells = picture.rows[row].cells;
    const auto behind = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) { return cell.begin > at; });
    return {row, static_cast<std::size_t>(std::distance(cells.begin(), behind))};
  }
  return {0, 0};
}

}  // namespace

void Painter::paint(Picture next, int columns) {
  columns_ = columns;
  if (!terminal_.moves) {
    paint_in_place(next);
  } else if (!shown_.rows.empty() && colours_differ(next)) {
    erase();
    paint_rows(next);
  } else {
    paint_rows(next);
  }
  shown_ = std::move(next);
}

/// What differs is coloured by something that need not be written anew: it would be lost.
bool Painter::colours_differ(const Picture& next) const {
  const auto coloured = std::max(last_colour(shown_), last_colour(next));
  if (coloured == std::pair<std::size_t, std::size_t>{0, 0}) return false;
  for (std::size_t row = 0; row <= coloured.first; ++row) {
    if (row >= shown_.rows.size() || row >= next.rows.size()) return true;
    const Change change = change_of(shown_.rows[row], next.rows[row]);
    if (change.any && (row < coloured.first || change.cell < coloured.second)) return true;
  }
  return false;
}

Painter::Change Painter::change_of(const Row& have, const Row& want) {
  if (have == want) return {};
  // Shorter, or no longer wrapped by the terminal: nothing must be left of what the terminal knows of the row.
  if (want.columns < have.columns || (have.wraps && !want.wraps)) return {true, 0};
  std::size_t cell = 0;
  while (cell < have.cells.size() && cell < want.cells.size() && have.text_of(cell) == want.text_of(cell) &&
         have.cells[cell].marked == want.cells[cell].marked) {
    ++cell;
  }
  // By how much a terminal takes it for shorter is not known.
  if ((have.uncertain || want.uncertain) && cell < have.cells.size()) return {true, 0};
  // The same but for the wrap, which the last cell prepares.
  if (cell == want.cells.size() && cell > 0) --cell;
  return {true, cell};
}

/// Each row that differs, from its first difference on; where the terminal wraps, its last cell and the first of the
/// next row are written one after the other.
void Painter::paint_rows(const Picture& next) {
  bool at_margin = false;  // the row above was written to its end, and wraps
  for (std::size_t row = 0; row < next.rows.size(); ++row) {
    const Row& want = next.rows[row];
    const bool fresh = row >= shown_.rows.size();
    Change change = fresh ? Change{true, 0} : change_of(shown_.rows[row], want);
    if (row > 0 && next.rows[row - 1].wraps && (at_margin || (change.any && change.cell == 0))) {
      const Row& above = next.rows[row - 1];
      if (change.any && change.cell == 0 && !fresh && shown_.rows[row].columns > 0) {
        // Whole, from its first column, or the terminal remembers how long it was.
        move_to({row, 0});
        out_ += erase_row_end;
        shown_.rows[row] = {};
        at_margin = false;
      }
      if (!at_margin) write_last(above, row - 1);
      write_cells(want, 0, 1);
      at_ = {row, want.cells[0].width};
      adrift_ = want.cells[0].uncertain();
      if (change.any && change.cell == 0) change.cell = 1;
    } else if (fresh && row > 0) {
      move_to({row - 1, at_.row == row - 1 ? at_.column : 0});
      out_ += "\r\n";
      at_ = {row, 0};
      adrift_ = false;
    }
    if (change.any) write_from(want, row, change.cell);
    at_margin = want.wraps && (change.any || (at_margin && want.cells.size() == 1));
  }
  if (next.rows.size() < shown_.rows.size()) {
    move_to({next.rows.size(), 0});
    out_ += erase_below;
  }
  move_in(next.rows[next.cursor.row], next.cursor);
}

/// The last cell of a row that stands there, once more, so that it wraps. Nothing is erased: from the first column on
/// that would part the row from the one above it (tmux).
void Painter::write_last(const Row& row, std::size_t number) {
  const std::size_t last = row.cells.size() - 1;
  move_in(row, {number, column_of(row, last)});
  write_cells(row, last, row.cells.size());
}

/// The cells of a row from `cell` on, and nothing of what stood there before.
void Painter::write_from(const Row& want, std::size_t row, std::size_t cell) {
  const int column = column_of(want, cell);
  move_in(want, {row, column});
  if (column < columns_ && row < shown_.rows.size() && column < shown_.rows[row].columns) out_ += erase_row_end;
  write_cells(want, cell, want.cells.size());
  at_ = {row, want.columns};
  adrift_ = want.uncertain;
}

void Painter::write_cells(const Row& row, std::size_t from, std::size_t to) {
  if (row.cells.empty()) out_ += row.bytes;  // nothing of it is to be seen
  bool marked = false;
  for (std::size_t cell = from; cell < to; ++cell) {
    if (row.cells[cell].marked != marked) out_ += marked ? terminal_.mark_ends : terminal_.mark;
    marked = row.cells[cell].marked;
    out_ += row.text_of(cell);
  }
  if (marked) out_ += terminal_.mark_ends;
}

/// To a place whose column all terminals agree about, in a row that is on the screen.
void Painter::move_to(Place place) {
  if (at_ == place) return;
  // At the margin terminals disagree about where the cursor is.
  const bool from_left =
      at_.column != place.column && (place.column < at_.column - short_way || at_.column >= columns_);
  if (from_left || adrift_) {
    out_ += '\r';
    at_.column = 0;
    adrift_ = false;
  }
  if (at_.row > place.row) out_ += fmt::format("\x1b[{}A", at_.row - place.row);
  if (at_.row < place.row) out_ += fmt::format("\x1b[{}B", place.row - at_.row);
  if (at_.column > place.column) out_.append(static_cast<std::size_t>(at_.column - place.column), '\b');
  if (at_.column < place.column) out_ += fmt::format("\x1b[{}C", place.column - at_.column);
  at_ = place;
}

/// To any place of a row whose cells before it are on the screen.
void Painter::move_in(const Row& row, Place place) {
  if (at_ == place) return;
  std::size_t cell = uncertain_cell(row, 0);
  const std::size_t end = cell_at(row, place.column);
  if (cell >= end) return move_to(place);
  const auto even = [&](const Row& there) { return is_even(there, at_.column, place.column); };
  if (at_.row == place.row && adrift_ && at_.column < columns_ && even(row) &&
      (place.row >= shown_.rows.size() || even(shown_.rows[place.row]))) {
    const int columns = place.column - at_.column;
    out_ += columns > 0 ? fmt::format("\x1b[{}C", columns) : std::string(static_cast<std::size_t>(-columns), '\b');
  } else {
    if (row.bytes.find('\x1b') != std::string::npos) cell = 0;  // it may have a colour from there
    move_to({place.row, column_of(row, cell)});
    write_cells(row, cell, end);
  }
  at_ = place;
  adrift_ = true;
}

/// In one row of a terminal that can't move or erase.
void Painter::paint_in_place(const Picture& next) {
  const Row& want = next.rows[0];
  const Row have = shown_.rows.empty() ? Row() : shown_.rows[0];
  const auto go_to = [&](std::size_t cell) {
    if (at_.column == column_of(want, cell)) return;
    out_ += '\r';
    write_cells(want, 0, cell);
    at_.column = column_of(want, cell);
  };
  if (const Change change = change_of(have, want); change.any) {
    go_to(change.cell);
    write_cells(want, change.cell, want.cells.size());
    int left = have.columns - want.columns;
    // The terminal may take the row for shorter; past the margin it must not get.
    for (const Cell& written : want.cells) left += written.width - written.fewest;
    left = std::clamp(left, 0, std::max(have.columns, columns_) - want.columns);
    out_.append(static_cast<std::size_t>(left), ' ');
    at_.column = want.columns + left;
  }
  std::size_t cell = 0;
  while (cell < want.cells.size() && column_of(want, cell) < next.cursor.column) ++cell;
  go_to(cell);
}

void Painter::erase() {
  if (!terminal_.moves) {
    const int columns = shown_.rows.empty() ? 0 : shown_.rows[0].columns;
    out_ += '\r' + std::string(static_cast<std::size_t>(columns), ' ') + '\r';
  } else {
    out_ += '\r';
    if (at_.row > 0) out_ += fmt::format("\x1b[{}A", at_.row);
    out_ += erase_from_row;
  }
  forget();
}

void Painter::leave() {
  // Behind a full row, and behind a newline, the last row is as good as a fresh one.
  if (shown_.rows.size() < 2 || !shown_.rows.back().cells.empty()) out_ += "\r\n";
  forget();
}

void Painter::forget() {
  shown_ = {};
  at_ = {};
  adrift_ = false;
}

void Painter::disturbed() {
  erase();
}

void Painter::reflow(int columns, int rows) {
  if (shown_.rows.empty()) return;
  out_ += '\r';
  if (terminal_.moves) {
    const std::size_t above = std::min(rows_above_cursor(columns), static_cast<std::size_t>(std::max(rows - 1, 0)));
    if (above > 0) out_ += fmt::format("\x1b[{}A", above);
    out_ += erase_from_row;
  }
  forget();
}

/// When the terminal has reflowed what was drawn. The cursor stays on the character that it was on; behind the last one
/// of a row it stays behind that, and waits at the margin if the row is full now.
std::size_t Painter::rows_above_cursor(int columns) const {
  std::size_t above = 0;
  int column = 0;
  for (std::size_t row = 0; row <= at_.row; ++row) {
    int old_column = 0;
    for (const Cell& cell : shown_.rows[row].cells) {
      // The fewest: rows that are left over can be seen to be that, a message that was erased is lost.
      if (column + cell.fewest > columns) {
        ++above;
        column = 0;
      }
      if (row == at_.row && old_column >= at_.column) return above;
      column += cell.fewest;
      old_column += cell.width;
    }
    if (row < at_.row && !shown_.rows[row].wraps) {
      ++above;
      column = 0;
    }
  }
  return above;
}

}  // namespace md2
