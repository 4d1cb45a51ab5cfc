#include "client/prompt/line_editor.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>  // readline's headers need FILE
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "client/prompt/line_layout.h"
#include "client/terminal/editor_command.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/paths.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr int max_listed = 200;  ///< completions shown at once

bool is_on(const char* variable) {
  const char* value = rl_variable_value(variable);
  return value != nullptr && std::strcmp(value, "on") == 0;
}

/// readline shows a line in one row that scrolls sideways: asked for in the inputrc, or the terminal can't move up.
bool has_one_row() {
  return is_on("horizontal-scroll-mode") || rl_get_termcap("up") == nullptr;
}

std::string_view typed() {
  return {rl_line_buffer, static_cast<std::size_t>(rl_end)};
}

int insert_newline(int, int) {
  return rl_insert_text("\n") == 1 ? 0 : 1;
}

/// One match after another, as rl_completion_matches asks for them: `state` is 0 at the first.
std::vector<std::string> candidates;
char* next_match(const char*, int state) {
  static std::size_t at;
  if (state == 0) at = 0;
  return at < candidates.size() ? strdup(candidates[at++].c_str()) : nullptr;
}

/// The list can't wait for a "--More--", because messages would wait as well, so a long one is cut.
void list_completions(char** matches, int count, int longest) {
  const int shown = std::min(count, max_listed);
  char* const first_hidden = matches[shown + 1];  // matches[0] is what they have in common
  matches[shown + 1] = nullptr;
  rl_display_match_list(matches, shown, longest);
  matches[shown + 1] = first_hidden;
  if (count > shown) fprintf(rl_outstream, "... %d more\r\n", count - shown);
  rl_forced_update_display();
}

}  // namespace

LineEditor* LineEditor::current_ = nullptr;

LineEditor::LineEditor(std::string prompt, const std::string& history_path, Signals& signals, Hooks hooks)
    : prompt_(std::move(prompt)),
      signals_(signals),
      hooks_(std::move(hooks)),
      editing_folder_(folder_of(history_path) + "/editing"),
      history_(history_path) {
  if (current_ != nullptr) throw Error("the terminal has a line editor already");
  const int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  screen_.reset(out < 0 ? nullptr : fdopen(out, "w"));
  if (!screen_) throw_errno("cannot open the terminal");
  setvbuf(screen_.get(), screen_buffer_.data(), _IOFBF, screen_buffer_.size());
  current_ = this;
  set_up_readline();
}

LineEditor::~LineEditor() {
  close();
  rl_outstream = nullptr;
  current_ = nullptr;
}

void LineEditor::set_up_readline() {
  rl_readline_name = "md2client";
  rl_outstream = screen_.get();
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_getc_function = [](FILE*) { return current_->get_byte(); };
  rl_input_available_hook = [] { return current_->has_byte() ? 1 : 0; };
  rl_prep_term_function = take_terminal;
  // Between two lines the terminal stays raw: nothing typed ahead is echoed into what a line brings forth.
  rl_deprep_term_function = [] {};

  rl_add_defun("edit-in-editor", edit_in_editor, -1);
  rl_add_defun("insert-newline", insert_newline, -1);
  // M-# would hand over the line with a `#` in front: an entry that nobody meant.
  rl_unbind_function_in_map(rl_insert_comment, emacs_meta_keymap);
  rl_unbind_function_in_map(rl_insert_comment, vi_movement_keymap);
  // Alt-Enter switches to vi mode by default.
  rl_unbind_function_in_map(rl_vi_editing_mode, emacs_meta_keymap);
  rl_initialize();  // reads the inputrc, whose bindings go before these
  rl_bind_keyseq_if_unbound_in_map("\\e\\C-m", insert_newline, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\e\\C-j", insert_newline, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\C-x\\C-e", edit_in_editor, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\C-x\\C-e", edit_in_editor, vi_insertion_keymap);
  rl_bind_keyseq_if_unbound_in_map("v", edit_in_editor, vi_movement_keymap);

  rl_completion_query_items = -1;  // in callback mode the question could not wait for its answer
  rl_variable_bind("page-completions", "off");
  rl_completer_word_break_characters = word_breaks;
  rl_special_prefixes = "#";
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = list_completions;
}

void LineEditor::open() {
  state_ = State::prompting;
  rl_callback_handler_install(prompt_.c_str(), [](char* line) { current_->take_line(line); });
}

void LineEditor::close() {
  if (state_ == State::closed) return;
  if (state_ == State::prompting) {
    if (in_foreground(STDIN_FILENO)) begin_fresh_row();
    history_.add(typed());
  }
  state_ = State::closed;
  rl_callback_handler_remove();
  give_back_terminal();
}

void LineEditor::read() {
  if (state_ == State::closed) return;
  cut_ = false;
  paste_end_at_ = 0;
  do {
    rl_callback_read_char();
  } while (state_ != State::closed && !thrown_ && !ahead_.empty());
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

/// readline's callback: null at the end of the input.
void LineEditor::take_line(char* line) {
  const std::unique_ptr<char, decltype(&std::free)> owner(line, std::free);
  if (line == nullptr && cut_) return;
  if (line == nullptr) begin_fresh_row();
  // At Ctrl-D the line is empty, but the terminal may have gone in the middle of one.
  history_.add(line == nullptr ? typed() : line);
  rl_eof_found = 0;  // else readline begins one more row when it gives the terminal back
  state_ = State::between_lines;
  try {
    line == nullptr ? hooks_.on_end() : hooks_.on_line(line);
  } catch (...) {
    thrown_ = std::current_exception();
  }
  if (state_ == State::closed) return;
  rl_set_prompt(prompt_.c_str());
  state_ = State::prompting;  // readline shows the prompt as soon as this returns
}

/// The next byte, or READERR. Waits for it, but not longer than until a signal comes.
///
/// Reads ahead only where readline asks for more of the same (an open paste): a call a byte makes a paste of 1 MiB take
/// seconds. Elsewhere, what is typed after a line may be meant for the editor or the shell.
int LineEditor::get_byte() {
  if (ahead_.empty()) {
    if (paste_end_at_ > 0) return end_of_input();
    cut_ = !signals_.wait_readable(STDIN_FILENO);
    if (cut_) return end_of_input();
    const std::size_t size = RL_ISSTATE(RL_STATE_MOREINPUT) ? input_.size() : 1;
    ssize_t count = 0;
    do {
      count = ::read(STDIN_FILENO, input_.data(), size);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) return end_of_input();
    ahead_ = {input_.data(), static_cast<std::size_t>(count)};
  }
  const char byte = ahead_.front();
  ahead_.remove_prefix(1);
  return static_cast<unsigned char>(byte);
}

/// A byte is there or comes within readline's time for a key sequence: what readline finds out where there is no hook.
bool LineEditor::has_byte() const {
  if (!ahead_.empty()) return true;
  const int microseconds = rl_set_keyboard_input_timeout(0);
  rl_set_keyboard_input_timeout(microseconds);
  pollfd interest{STDIN_FILENO, POLLIN, 0};
  return poll(&interest, 1, microseconds / 1000) > 0;
}

/// What readline gets when there is no byte to give: in an open paste the sequence that ends it, because there it takes
/// an error for the end of a string that it does not terminate; else the error, which leaves half a line alone.
int LineEditor::end_of_input() {
  static constexpr std::string_view paste_end = "\x1b[201~";
  if (!RL_ISSTATE(RL_STATE_MOREINPUT)) return READERR;
  const char byte = paste_end[paste_end_at_++];
  if (paste_end_at_ == paste_end.size()) paste_end_at_ = 0;
  return static_cast<unsigned char>(byte);
}

void LineEditor::print_above(std::string_view text) {
  if (state_ != State::prompting) return write(text);
  rl_clear_visible_line();
  fwrite(text.data(), 1, text.size(), screen_.get());
  rl_on_new_line();
  rl_forced_update_display();
}

void LineEditor::set_prompt(std::string prompt) {
  if (prompt == prompt_) return;
  prompt_ = std::move(prompt);
  if (state_ != State::prompting) return;  // open() or the end of on_line shows it
  if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG)) return;
  rl_clear_visible_line();
  rl_set_prompt(prompt_.c_str());
  rl_on_new_line();
  rl_forced_update_display();
}

void LineEditor::interrupt() {
  if (state_ != State::prompting) return;
  rl_callback_sigcleanup();
  rl_free_line_state();
  rl_point = rl_end;
  rl_redisplay();
  rl_echo_signal_char(SIGINT);
  rl_crlf();
  rl_replace_line("", 1);
  rl_point = 0;
  rl_on_new_line();
  history_set_pos(history_length);  // else the next Up begins where a search was left
  rl_set_prompt(prompt_.c_str());
  rl_forced_update_display();
}

void LineEditor::suspend() {
  if (state_ == State::prompting) begin_fresh_row();
  give_back_terminal();
  signals_.stop_process();
  resumed();
}

void LineEditor::resumed() {
  if (!signals_.wait_for_foreground(STDIN_FILENO) || state_ == State::closed) return;
  give_back_terminal();  // what the shell left is what it finds again
  take_terminal(1);
  rl_reset_screen_size();
  write("\r");
  rl_on_new_line();
  rl_forced_update_display();
}

void LineEditor::resized() {
  int rows = 0;
  int old_columns = 0;
  int columns = 0;
  rl_get_screen_size(&rows, &old_columns);
  rl_reset_screen_size();
  rl_get_screen_size(&rows, &columns);
  if (state_ != State::prompting || columns < 1 || old_columns < 1) return;
  const int above = has_one_row() ? 0
                                  : rows_above_cursor(rl_display_prompt, typed(), static_cast<std::size_t>(rl_point),
                                                      old_columns, columns);
  fputc('\r', screen_.get());
  if (above > 0) fprintf(screen_.get(), "\x1b[%dA", above);
  if (!has_one_row()) fputs("\x1b[J", screen_.get());
  rl_on_new_line();
  rl_forced_update_display();
}

void LineEditor::take_terminal(int meta) {
  terminal_becomes_raw(is_on("enable-bracketed-paste"));
  rl_prep_terminal(meta);
}

void LineEditor::give_back_terminal() {
  if (in_foreground(STDIN_FILENO)) rl_deprep_terminal();
  fflush(rl_outstream);
  terminal_is_sane();
}

/// The cursor goes to the row below the line; the line itself stays as it is.
void LineEditor::begin_fresh_row() {
  const int point = rl_point;
  rl_point = rl_end;
  rl_redisplay();
  rl_point = point;
  rl_crlf();
  fflush(screen_.get());
}

void LineEditor::write(std::string_view text) {
  fwrite(text.data(), 1, text.size(), screen_.get());
  fflush(screen_.get());
}

int LineEditor::edit_in_editor(int, int) {
  rl_clear_visible_line();
  give_back_terminal();
  try {
    const Edited edited = edit_text(typed(), current_->editing_folder_);
    take_terminal(1);
    if (edited.text) {
      rl_begin_undo_group();
      rl_delete_text(0, rl_end);
      rl_point = 0;
      rl_insert_text(edited.text->c_str());
      rl_end_undo_group();
    } else {
      // Also when nobody can read the sentence any more, because the terminal is gone: the next start has the text.
      current_->history_.add(edited.saved);
      fprintf(rl_outstream, "%s%s; the line is as it was\r\n", sanitised(edited.said).c_str(),
              edited.saved.empty() ? "" : " and in the line history");
    }
  } catch (const Error& error) {
    take_terminal(1);
    fprintf(rl_outstream, "%s; the line is as it was\r\n", sanitised(error.what()).c_str());
  }
  rl_reset_screen_size();
  rl_on_new_line();
  rl_forced_update_display();
  return 0;
}

char** LineEditor::complete(const char* word, int start, int) {
  rl_attempted_completion_over = 1;  // no names of files
  try {
    const std::string_view before(rl_line_buffer, static_cast<std::size_t>(start));
    candidates = completions(before, word, current_->hooks_.complete_tags);
  } catch (...) {
    current_->thrown_ = std::current_exception();
    return nullptr;
  }
  // A space ends a tag; a command has none.
  const bool is_tag = !candidates.empty() && find_tag(candidates.front(), 0).has_value();
  rl_completion_suppress_append = is_tag ? 0 : 1;
  return rl_completion_matches(word, next_match);
}

}  // namespace md2
