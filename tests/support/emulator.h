#pragma once

#include <vterm.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace md2::test {

struct Position {
  int row = 0;
  int column = 0;

  bool operator==(const Position&) const = default;
};

/// True when the screen ends in the rows `wanted` and the cursor stands in the last of them, at `column`.
bool ends_with(std::vector<std::string> rows, Position cursor, const std::vector<std::string>& wanted, int column);

/// A terminal in memory (libvterm): what it would show, and what it would answer and send for keys. libvterm 0.1.4 cuts
/// lines when it becomes narrower and does not reflow them. Take it alone for bytes that were made without a program.
class Emulator {
 public:
  Emulator(int rows, int columns);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// What the program has written.
  void feed(std::string_view bytes);

  void resize(int rows, int columns);

  /// The screen from top to bottom, without the spaces at the ends of rows and without the empty rows at the end.
  std::vector<std::string> rows() const;

  /// The same above the screen: the newest rows that have scrolled away, oldest first.
  static constexpr std::size_t kept_rows = 500;
  const std::deque<std::string>& scrolled() const { return scrolled_; }

  /// scrolled() and rows() with a newline after each, whole rows joined as they stand.
  std::string text() const;

  /// How the cell at a position of the screen looks.
  struct Look {
    int ground = -1;   ///< of the 256 colours; -1: the terminal's own
    int letters = -1;  ///< likewise
    bool inverse = false;

    bool operator==(const Look&) const = default;
  };
  Look look(Position position) const;

  Position cursor() const;

  /// True while the program has switched bracketed paste on.
  bool paste_mode() const { return paste_mode_; }

  void press(VTermKey key, VTermModifier modifier = VTERM_MOD_NONE);
  void press(char32_t character, VTermModifier modifier);
  void start_paste();
  void end_paste();

  /// What goes to the program: answers and keys. Takes it away.
  std::string answers();

 private:
  struct Free {
    void operator()(VTerm* terminal) const { vterm_free(terminal); }
  };

  static int push_line(int columns, const VTermScreenCell* cells, void* self);

  std::unique_ptr<VTerm, Free> terminal_;
  VTermScreen* screen_;  ///< terminal_'s
  std::deque<std::string> scrolled_;
  std::string answers_;
  std::string begun_;       ///< bytes of a character that has not come whole: libvterm loses its place otherwise
  std::string last_bytes_;  ///< of the output, fewer than a mode switch has
  bool paste_mode_ = false;
};

}  // namespace md2::test
