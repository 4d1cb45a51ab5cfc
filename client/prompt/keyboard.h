#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "client/terminal/signals.h"

namespace md2 {

/// The bytes that readline gets from the terminal of standard input, also when there are none to give: a signal came in
/// the middle of a key sequence or a paste, or the terminal is gone.
class Keyboard {
 public:
  explicit Keyboard(Signals& signals) : signals_(signals) {}

  /// Before readline is called because the terminal can be read.
  void begin_read();

  /// For rl_getc_function: the next byte, or READERR. Waits for it, but not longer than until a signal comes.
  int get_byte();

  /// For rl_input_available_hook: there is a byte, now or within readline's time for a key sequence.
  bool has_byte() const;

  /// Bytes were read that readline has not taken.
  bool has_ahead() const { return !ahead_.empty(); }

  /// A signal came since begin_read(): the end that readline then reports is none.
  bool was_cut() const { return cut_; }

 private:
  int end_of_input();

  Signals& signals_;
  std::array<char, 4096> input_;
  std::string_view ahead_;  ///< what was read into input_ and not taken
  bool cut_ = false;
  std::size_t paste_end_at_ = 0;  ///< how much of the sequence that ends a paste was made up
};

}  // namespace md2
