#pragma once

#include <optional>
#include <string>

#include "client/line.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/prompt/gathering.h"
#include "client/prompt/line_editor.h"
#include "client/prompt/view.h"
#include "client/terminal/signals.h"
#include "common/os/clock.h"

namespace md2 {

/// The diary at a prompt: the main thread's loop. It waits for the keyboard, for signals and for the link, and for
/// nothing else; what arrives is printed above the line being typed, in slices, so that typing stays live.
class Prompt {
 public:
  /// Prints the banner and connects. Throws Error.
  explicit Prompt(const ClientOptions& options);

  /// Until `quit`, Ctrl-D or a signal that ends it. Returns the exit status.
  int run();

  /// The signal that has ended it; 0 for none.
  int end_signal() const { return end_signal_; }

 private:
  /// Whether lines are still read.
  enum class Leaving {
    no,
    saving,   ///< no more; what was written is still being saved
    at_once,  ///< no more, and what is not saved stays in the outbox
  };

  void wait_to_stand();
  void talk();
  void handle_signals();
  int milliseconds_to_size() const;
  void take_size();
  void take_line(const std::string& text);
  void quit();
  void write(const Line& line);
  void read(const Line& line);
  bool can_ask();
  void ask(const std::string& query, const Date& today, std::unique_ptr<Summary> summary = nullptr);
  void begin_diary(std::uint64_t size);
  void edit(const Line& line);
  void take_correction(const std::string& text);
  void keep(const std::vector<std::string>& encoded);
  void take_gathered();
  void tell_status();
  void interrupt();
  void show_waiting();
  void tell_history_fault();
  void take(const Event& event);
  bool print_slice();
  void say(const std::string& sentence);
  bool may_leave();

  const ClientOptions options_;
  Signals signals_;
  Leaving leaving_ = Leaving::no;
  View view_;
  LineEditor editor_;  ///< before the client: it has the keyboard while files are opened, and the terminal till the end
  Client client_;
  std::optional<Editable> correcting_;           ///< its text is in the line
  std::shared_ptr<Gathering::Result> gathered_;  ///< is asked for, to be edited or struck out
  bool stands_ = false;                          ///< on the screen: nothing but the user and a signal ends it
  int end_signal_ = 0;                           ///< the signal that ends the program
  /// When the window will have had its size for a while: the line is drawn for another until then.
  std::optional<Clock::Steady> size_taken_at_;
  bool was_online_ = false;    ///< since this program started
  bool announced_ = false;     ///< the server has said something to the owner, which is not yet shown
  bool told_offline_ = false;  ///< and not yet that the server is back
};

/// The prompt, from the banner to the end. Returns the exit status, or ends by the signal that has ended the prompt.
/// Throws Error.
int run_prompt(const ClientOptions& options);

}  // namespace md2
