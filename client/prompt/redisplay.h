#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/prompt/line_layout.h"
#include "client/prompt/painter.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Draws readline's line: the prompt (a search and a count have their own), the mode (show-mode-in-prompt), the mark of
/// a modified line, the marked region, in several rows or in one (horizontal-scroll-mode). In place of readline's own
/// redisplay, which is wrong where wide characters, several rows and prompts that change come together, and does not
/// know where its rows are when the terminal has reflowed them.
///
/// It owns what goes to the terminal. Readline writes to a stream of which every byte passes through here, so that a
/// list of completions stands below the line, and the line below the list, whoever prints it.
class Redisplay {
 public:
  /// `fd`: of the terminal, of which a copy is taken. Throws Error.
  explicit Redisplay(int fd);
  Redisplay(const Redisplay&) = delete;
  Redisplay& operator=(const Redisplay&) = delete;

  /// For rl_outstream.
  FILE* stream() const { return stream_.get(); }

  /// Behind rl_initialize(), which learns what the terminal can do: from here on the line can be drawn.
  void begin();

  /// Brings the line on the screen up to date: for rl_redisplay_function.
  void draw();

  /// Text that ends in a newline above the line, which is drawn once. To a terminal that knows synchronized output
  /// (CSI ? 2026 h and l) this is one picture: the window of an input method stays where it is.
  void print_above(std::string_view text);

  /// The line goes from the screen; what is written next stands in its place.
  void erase();

  /// The cursor goes to the last row of the line, behind its last character.
  void go_behind();

  /// The cursor goes to the row below the line, which stays as it is.
  void leave();

  /// The line is not on the screen any more, and is to begin in the cursor's row.
  void begin_here();

  /// Asks the terminal for its size, for readline as well.
  void take_size();

  /// The terminal may have another size, and has reflowed what it shows.
  void resized();

  /// Straight to the terminal, where there is no line.
  void write(std::string_view text);

 private:
  struct CloseFile {
    void operator()(FILE* file) const { std::fclose(file); }
  };

  void pass(std::string_view bytes);
  void take_from_readline();
  void flush();
  LineText text() const;
  Picture picture(const LineText& text);
  void paint_again();
  void show_end();

  UniqueFd terminal_;
  std::optional<Painter> painter_;
  bool holds_ = false;  ///< what readline has written goes out with what comes next
  Room room_;
  std::size_t first_ = 0;  ///< the row of a tall line that is shown first, or the column of a long one
  LineText drawn_;
  std::string drawn_line_;                   ///< what drawn_ looks at
  std::unique_ptr<FILE, CloseFile> stream_;  ///< last: its end passes what it holds
};

}  // namespace md2
