#pragma once

#include <sys/types.h>
#include <termios.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/emulator.h"
#include "tests/support/program.h"

namespace md2::test {

/// A program under a pseudo-terminal, with somebody in front of it who looks and types. Take it for all that is seen or
/// typed; Tmux only where lines must flow when the window is resized. It is killed when it is still
/// running at the end of the scope.
class Screen {
 public:
  Screen(const Sandbox& sandbox, const Command& command, int rows = 24, int columns = 80);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  pid_t pid() const { return pid_; }

  /// What is shown: see Emulator.
  std::vector<std::string> rows() const { return emulator_.rows(); }
  std::string text() const { return emulator_.text(); }
  std::string row(int number) const;
  Position cursor() const { return emulator_.cursor(); }
  Emulator::Look look(Position position) const { return emulator_.look(position); }
  bool paste_mode() const { return emulator_.paste_mode(); }

  /// The row that the cursor stands in.
  std::string line() const { return row(cursor().row); }

  /// Takes what the program writes until the predicate holds. Throws Failure, with the whole screen, when the deadline
  /// passes or the program ends first.
  void wait_for(const std::function<bool()>& holds, std::string_view what);
  /// Until the text stands somewhere on the screen or above it.
  void wait_for(std::string_view text);
  /// Until the last rows are these and the cursor stands in the last of them, at `column`.
  void wait_for_end(const std::vector<std::string>& rows, int column);

  /// As typed: nothing is added.
  void type(std::string_view text);
  void enter(std::string_view line) { type(std::string(line) + '\r'); }
  void press(VTermKey key, VTermModifier modifier = VTERM_MOD_NONE);
  void control(char letter) { type(std::string(1, static_cast<char>(letter & 0x1f))); }
  void alt_enter() { type("\x1b\r"); }

  /// Bracketed when the program has asked for it, as terminals do.
  void paste(std::string_view text);

  void resize(int rows, int columns);
  void signal(int number) const;

  /// Waits for the end and takes what is left of the output. Returns exit_status().
  int wait();

  /// What stty(1) would show.
  termios modes() const;

 private:
  bool pump(const Deadline& deadline, std::string_view* input = nullptr);
  bool take();
  void take_all();
  void reap();
  std::string picture() const;

  std::string name_;
  Emulator emulator_;
  UniqueFd terminal_;
  pid_t pid_ = -1;
  UniqueFd process_;
  bool ended_ = false;
  int status_ = -1;
};

/// True when the terminal is as a shell wants it back: lines, echo, signals.
bool sane(const termios& modes);

}  // namespace md2::test
