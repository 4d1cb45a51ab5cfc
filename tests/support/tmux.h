#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/emulator.h"
#include "tests/support/program.h"

namespace md2::test {

/// A program in tmux, a terminal that reflows its lines when it is resized, as most of today's do. tmux runs with a
/// socket of its own below the sandbox and without anybody's configuration; it ends with the scope.
class Tmux {
 public:
  Tmux(const Sandbox& sandbox, const Command& command, int rows = 24, int columns = 80);
  ~Tmux();
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  /// As typed: nothing is added.
  void type(std::string_view text);
  void enter(std::string_view line) { type(std::string(line) + '\r'); }

  /// Returns when the program has written something for it: tmux shows the new size at once, but tells the program up
  /// to a quarter of a second later.
  void resize(int rows, int columns);

  /// One size after another, without waiting for the program, which is told of the first and, later, of the last.
  void resize_often(const std::vector<Position>& sizes);

  /// What the program has written since the last call of resize() or resize_often(), as far as it was waited for.
  const std::string& written() const { return written_; }

  /// What has scrolled away (a narrower window may begin below the first row) and the screen, without spaces at the
  /// ends of rows and without empty rows at the end. The cursor's row counts from the same top.
  const std::vector<std::string>& rows() const { return rows_; }
  Position cursor() const { return cursor_; }

  /// Looks again after each output of the program until the predicate holds. Throws Failure with the screen.
  void wait_for(const std::function<bool()>& holds, std::string_view what);
  void wait_for(std::string_view text);
  void wait_for_end(const std::vector<std::string>& rows, int column);

 private:
  std::string tmux(const Command& arguments) const;
  void look();
  void copy_output();
  void drain();

  const Sandbox& sandbox_;
  int copies_ = 0;
  UniqueFd events_;  ///< a FIFO that gets a copy of the output, so that there is something to wait for
  std::string written_;
  std::vector<std::string> rows_;
  Position cursor_;
};

/// Whether tmux, when a window becomes narrower, takes wide characters for as wide as they are: 3.7 parts rows with
/// some of them too early, so that what becomes of a prompt's rows is not known.
bool tmux_reflows_wide_characters();

}  // namespace md2::test
