#pragma once

#include <string>

#include "client/line.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/prompt/line_editor.h"
#include "client/prompt/view.h"
#include "client/terminal/signals.h"

namespace md2 {

/// The diary at a prompt: the main thread's loop. It waits for the keyboard, for signals and for the inbox, and for
/// nothing else; what arrives is printed above the line being typed, in slices, so that typing stays live.
class Prompt {
 public:
  /// Prints the banner and connects. Throws Error.
  explicit Prompt(const ClientOptions& options);

  /// Until `quit`, Ctrl-D or a signal that ends it. Returns the exit status.
  int run();

 private:
  void handle_signals();
  void take_line(const std::string& text);
  void quit();
  void write(const std::string& text);
  void ask(const Line& line);
  void question(const std::string& text);
  void interrupt();
  void show_waiting();
  void tell_history_fault();
  void take(Event event);
  void print_slice();
  void say(const std::string& sentence);
  int leave();

  Signals signals_;
  Client client_;
  View view_;
  LineEditor editor_;
  bool quitting_ = false;   ///< no more lines are read; what was written is still being saved
  bool impatient_ = false;  ///< Ctrl-C while quitting: what is not saved stays in the outbox
  int end_signal_ = 0;      ///< the signal that ends the program
  bool more_ = false;       ///< the view has more to show of what it took
  bool was_online_ = false;
  bool gone_ = false;  ///< the user was told that the server is not there
};

}  // namespace md2
