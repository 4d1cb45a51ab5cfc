#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"
#include "tests/support/emulator.h"
#include "tests/support/sandbox.h"

namespace md2::test {

/// What readline holds while it waits for a key.
struct LineState {
  std::string line;
  std::size_t cursor = 0;    ///< a byte of it
  std::string prefix;        ///< what stands before it: the prompt, a search's or a count's own, with mode and mark
  std::string main_prefix;   ///< the same with the prompt of the line
  bool searching = false;    ///< or counting: the prompt is not the line's
  bool asking = false;       ///< it reads what is to be searched for: Enter does not hand over the line
  bool in_sequence = false;  ///< it waits for the rest of something: a key sequence, a quoted character, a motion
  bool inserts = true;       ///< a character that is typed is inserted
  bool one_row = false;      ///< the line scrolls sideways
  bool holds_key = false;    ///< a key that it has read has done nothing yet
};

/// A line editor in a process of its own, under a terminal in memory. It hands over no line but to the test, and prints
/// above the line what it is told to.
class LineProgram {
 public:
  LineProgram(int rows, int columns, const std::string& inputrc);
  ~LineProgram();
  LineProgram(const LineProgram&) = delete;
  LineProgram& operator=(const LineProgram&) = delete;

  void type(std::string_view keys);

  /// Bytes that begin a character: readline gets them with the rest, so that state() does not wait for them.
  void type_begun(std::string_view bytes);
  void tell(std::string_view text);
  void interrupt() const;
  void resize(int rows, int columns);

  /// What readline holds when it has taken all that was typed and told. Throws Failure when it has ended.
  LineState state();

  /// The lines that were handed over since the last call.
  std::vector<std::string> lines();

  /// Takes what comes to the screen until the predicate holds. False when the deadline passed before.
  template <typename Holds>
  bool wait_for(Holds holds, const Deadline& deadline) {
    for (take_screen(); !holds(); take_screen()) {
      if (!wait_readable(terminal_.get(), deadline)) return false;
    }
    return true;
  }

  const Emulator& screen() const { return emulator_; }

 private:
  void take_screen();
  bool take_report();
  void send(char kind, std::string_view text);

  Sandbox sandbox_;
  Emulator emulator_;
  UniqueFd terminal_;
  UniqueFd told_;
  UniqueFd said_;
  std::string said_bytes_;
  std::vector<std::string> lines_;
  std::vector<LineState> states_;
  std::size_t typed_ = 0;  ///< and not begun_
  std::size_t begun_ = 0;
  pid_t pid_ = -1;
};

}  // namespace md2::test
