#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "client/prompt/pasted_lines.h"
#include "client/terminal/signals.h"

namespace md2 {

/// What is typed, from standard input to readline, a character at a time: readline is called when one has come whole,
/// because it takes half a character for one that is drawn and edited.
///
/// Reads ahead only where readline asks for more of the same (an open paste): a call a byte makes a paste of 1 MiB take
/// seconds. Elsewhere, what is typed after a line may be meant for the editor or the shell.
class KeyInput {
 public:
  explicit KeyInput(Signals& signals) : signals_(signals) {}

  /// Begins a turn in which readline is called as long as next() says so.
  void begin();

  /// Readline is to be called: a whole character is there, or the end is. Before the first call of a turn waits for a
  /// byte, but not longer than until a signal comes.
  bool next();

  /// For rl_getc_function: the next byte, or READERR.
  int get_byte();

  /// For rl_input_available_hook: a byte is there or comes within readline's time for a key sequence.
  bool has_byte() const;

  /// Leaves of the next character its first byte alone, for where readline takes that and then is done with it; the
  /// rest is gone unless it is given back before anything else is read.
  void cut_character();
  void give_back_rest();

  /// Leaves out the next character when it has several bytes. True then.
  bool skip_wide_character();

  /// The next character is an escape.
  bool escapes() const { return !ahead_.empty() && ahead_.front() == '\x1b'; }

  /// It begins a key sequence, as far as the next byte shows, which may take readline's time for a sequence to come.
  bool begins_sequence();

  /// The byte that readline got last.
  unsigned char last() const { return last_; }

  /// A signal came in this turn: the end that readline then reports is none.
  bool cut() const { return cut_; }

  /// There will be no more.
  bool over() const { return over_; }

  /// What waits was typed while the terminal gave lines: a NUL in it is what that makes of the key for the end of the
  /// input, Ctrl-D for most, and is that key again. (Ctrl-Space is lost with it, which does nothing in an empty line.)
  void typed_in_lines();

  /// What waits, a line each, without what holds other keys than text.
  std::vector<std::string> take_lines();

  /// Forgets half a character.
  void forget() { begun_ = 0; }

 private:
  bool read(std::size_t size);
  bool complete();
  int end_of_input();
  void mend_end_keys(std::size_t begin, std::size_t count);

  Signals& signals_;
  std::array<char, 4096> input_;
  std::size_t begun_ = 0;   ///< bytes of half a character at the beginning of input_
  std::string_view ahead_;  ///< what was read into input_ and readline has not taken
  std::string rest_;        ///< of the character that was cut
  PastedLines pasted_lines_;
  unsigned char last_ = 0;
  std::size_t typed_in_lines_ = 0;  ///< bytes that were, and were not read yet
  bool first_ = false;              ///< readline was not called in this turn
  bool cut_ = false;
  bool over_ = false;
  std::size_t paste_end_at_ = 0;  ///< how much of the sequence that ends a paste was made up
};

}  // namespace md2
