#pragma once

#include <setjmp.h>
#include <unistd.h>

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "client/prompt/completion.h"
#include "client/prompt/key_input.h"
#include "client/prompt/line_history.h"
#include "client/prompt/redisplay.h"
#include "client/terminal/signals.h"

namespace md2 {

/// The prompt and the line being typed at it: GNU Readline on the terminal of standard input and standard output. All
/// of it belongs to the main thread, and there is one at a time, because readline's state is global. The owner waits
/// for fd() and for the signals with poll(2) and calls what fits:
///
///     fd() readable -> read()        SIGINT  -> interrupt()      SIGCONT -> resumed()
///     a message     -> print_above() SIGTSTP -> suspend()        SIGWINCH -> resized()
///     the end, SIGTERM, SIGHUP -> close()
///
/// None of them waits for the user, except read() while a bracketed paste is open (a terminal sends it in one go) or
/// the user's editor runs (C-x C-e), and suspend() and resumed() while the process is stopped.
class LineEditor {
 public:
  struct Hooks {
    /// A line was typed. It may hold newlines. Until on_line returns there is no prompt on the screen, so what
    /// print_above writes stands below the line. May throw; read() then does.
    std::function<void(std::string line)> on_line;
    /// Ctrl-D on an empty line, or the terminal is gone.
    std::function<void()> on_end;
    /// What Tab can make of `word` behind `before`, see completions().
    std::function<std::vector<std::string>(std::string_view before, std::string_view word, bool ignore_case)> complete;
  };

  /// Reads the user's inputrc and the line history. From here on the terminal is readline's, and what is typed waits,
  /// unseen, until open(). `prompt` may hold colours between \001 and \002. Throws Error.
  LineEditor(std::string prompt, const std::string& history_path, Signals& signals, Hooks hooks);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// Shows the prompt. What was typed before is as if it were typed now.
  void open();

  /// Leaves the terminal as it was found, the cursor on a fresh row. Half a line that was typed goes to the history,
  /// and so do lines that were typed when there never was a prompt: they are not for a shell.
  /// May be called from on_line and on_end.
  void close();

  /// close() has put lines into the history for which there never was a prompt.
  bool typed_in_vain() const { return typed_in_vain_; }

  int fd() const { return STDIN_FILENO; }
  void read();

  /// Writes `text` (sanitised, ends in a newline) above the prompt, and redraws the line once. Right in every state of
  /// the line: in a search, in the middle of a key sequence, below a list of completions. Before open(), after close()
  /// and in on_line it writes, no more.
  void print_above(std::string_view text);

  /// Another prompt from now on. A search or a numeric argument keeps the one of its own.
  void set_prompt(std::string prompt);

  /// The next line, which is not begun yet, begins with this text: in on_line.
  void begin_with(std::string text) { beginning_ = std::move(text); }

  /// Gives the terminal to `work`, which may write, read lines and run programs there, in its usual modes; then the
  /// line stands below what that has left. Not in on_line. What it throws is thrown when that is so.
  void outside(const std::function<void()>& work);

  /// Ctrl-C: drops the line, and what was being done to it. The next one begins as any does.
  void interrupt();

  /// Ctrl-Z: stops the process, and returns when it goes on.
  void suspend();

  /// The process goes on after it was stopped by something else.
  void resumed();

  /// The terminal has another width.
  void resized();

  /// See LineHistory.
  std::string take_history_fault() { return history_.take_fault(); }

 private:
  enum class State {
    closed,         ///< after close(): the terminal is not readline's
    waiting,        ///< no prompt is on the screen yet
    prompting,      ///< the prompt is on the screen
    between_lines,  ///< in on_line
  };

  static LineEditor* current_;  ///< for readline's callbacks, which carry no argument

  static int edit_in_editor(int count, int key);
  static char** complete(const char* word, int start, int end);
  static void take_terminal(int meta);
  static void give_back_terminal();

  void set_up_readline();
  void draw();
  bool give_up_operator();
  void take_character();
  void finish();
  void finish_line();
  void take_line(char* line);

  std::string prompt_;
  std::string beginning_;  ///< of the next line
  Signals& signals_;
  Hooks hooks_;
  std::string editing_folder_;  ///< for the files that the user's editor gets, beside the history
  LineHistory history_;
  KeyInput input_;
  Redisplay redisplay_;
  State state_ = State::waiting;
  bool typed_in_vain_ = false;
  sigjmp_buf* caller_ = nullptr;  ///< where readline was called, while it runs
  std::exception_ptr thrown_;     ///< by a hook; must not pass through readline's frames
};

}  // namespace md2
