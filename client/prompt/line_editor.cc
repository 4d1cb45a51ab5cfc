#include "client/prompt/line_editor.h"

#include <dlfcn.h>
#include <stdio.h>  // readline's headers need FILE
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "client/prompt/inputrc.h"
#include "client/terminal/editor_command.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr int max_listed = 200;  ///< completions shown at once

std::string_view typed() {
  return {rl_line_buffer, static_cast<std::size_t>(rl_end)};
}

/// Where readline's abort jumps to. It is its own, but its callbacks leave it pointing at a frame that has returned: a
/// key sequence that is bound to nothing, in what a search hands on or in a macro, then jumps to nowhere. Null where
/// the library does not show it.
sigjmp_buf* abort_target() {
  static auto* const target = static_cast<sigjmp_buf*>(dlsym(RTLD_DEFAULT, "_rl_top_level"));
  return target;
}

/// A count is being typed that is not above zero. Readline inserts a character no times then, but only its first byte:
/// the others it inserts.
bool counts_to_nothing() {
  if (!RL_ISSTATE(RL_STATE_NUMERICARG) || rl_display_prompt == nullptr) return false;
  const std::string_view prompt(rl_display_prompt);
  return prompt.starts_with("(arg: -") || prompt.starts_with("(arg: 0)");
}

/// Readline's own command mode of vi obeys a paste as commands, and each newline in it hands over the line.
int paste_behind_cursor(int count, int key) {
  rl_vi_append_mode(1, 'a');
  return rl_bracketed_paste_begin(count, key);
}

int do_nothing(int, int) {
  return 0;
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
  if (count > shown) fprintf(rl_outstream, "%s\r\n", tr("... {} more", count - shown).c_str());
}

}  // namespace

LineEditor* LineEditor::current_ = nullptr;

LineEditor::LineEditor(std::string prompt, const std::string& history_path, Signals& signals, Hooks hooks)
    : prompt_(std::move(prompt)),
      signals_(signals),
      hooks_(std::move(hooks)),
      editing_folder_(folder_of(history_path) + "/editing"),
      history_(history_path),
      input_(signals),
      redisplay_(STDOUT_FILENO) {
  if (current_ != nullptr) throw Error(tr("the terminal has a line editor already"));
  current_ = this;
  set_up_readline();
  take_terminal(1);
}

LineEditor::~LineEditor() {
  close();
  rl_outstream = nullptr;
  current_ = nullptr;
}

void LineEditor::set_up_readline() {
  rl_readline_name = "md2client";
  rl_outstream = redisplay_.stream();
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_getc_function = [](FILE*) { return current_->input_.get_byte(); };
  rl_input_available_hook = [] { return current_->input_.has_byte() ? 1 : 0; };
  rl_prep_term_function = take_terminal;
  // Between two lines the terminal stays raw: nothing typed ahead is echoed into what a line brings forth.
  rl_deprep_term_function = [] {};
  rl_startup_hook = [] { return rl_insert_text(std::exchange(current_->beginning_, {}).c_str()) > 0 ? 1 : 0; };
  rl_add_defun("edit-in-editor", edit_in_editor, -1);
  rl_add_defun("insert-newline", insert_newline, -1);
  // M-# would hand over the line with a `#` in front: an entry that nobody meant.
  rl_unbind_function_in_map(rl_insert_comment, emacs_meta_keymap);
  rl_unbind_function_in_map(rl_insert_comment, vi_movement_keymap);
  // Alt-Enter switches to vi mode by default.
  rl_unbind_function_in_map(rl_vi_editing_mode, emacs_meta_keymap);
  rl_initialize();  // reads the inputrc, whose bindings go before these
  redisplay_.begin();
  rl_redisplay_function = [] { current_->draw(); };  // not before: readline would take the terminal for a dumb one
  rl_bind_keyseq_if_unbound_in_map("\\e\\C-m", insert_newline, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\e\\C-j", insert_newline, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\C-x\\C-e", edit_in_editor, emacs_standard_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\C-x\\C-e", edit_in_editor, vi_insertion_keymap);
  rl_bind_keyseq_if_unbound_in_map("v", edit_in_editor, vi_movement_keymap);
  rl_bind_keyseq_if_unbound_in_map("\\e[200~", paste_behind_cursor, vi_movement_keymap);
  // `.` repeats an operator that has had no motion with this one, and aborts in the middle when it is unbound.
  rl_bind_key_if_unbound_in_map('\0', do_nothing, vi_movement_keymap);

  rl_completion_query_items = -1;  // in callback mode the question could not wait for its answer
  rl_variable_bind("page-completions", "off");
  rl_completer_word_break_characters = word_breaks;
  rl_special_prefixes = "#";
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = list_completions;
}

void LineEditor::outside(const std::function<void()>& work) {
  redisplay_.erase();
  give_back_terminal();
  std::exception_ptr thrown;
  try {
    work();
  } catch (...) {
    thrown = std::current_exception();
  }
  take_terminal(1);
  redisplay_.take_size();
  redisplay_.begin_here();
  draw();
  if (thrown) std::rethrow_exception(thrown);
}

void LineEditor::open() {
  state_ = State::prompting;
  rl_callback_handler_install(prompt_.c_str(), [](char* line) { current_->take_line(line); });
}

void LineEditor::close() {
  if (state_ == State::closed) return;
  if (state_ == State::prompting) {
    if (in_foreground(STDIN_FILENO)) redisplay_.leave();
    history_.add(typed());
  }
  if (state_ == State::waiting && in_foreground(STDIN_FILENO)) {
    const std::vector<std::string> lines = input_.take_lines();
    typed_in_vain_ = !lines.empty();
    for (const std::string& line : lines) history_.add(line);
  }
  state_ = State::closed;
  rl_callback_handler_remove();
  give_back_terminal();
}

void LineEditor::read() {
  if (state_ == State::closed) return;
  for (input_.begin(); state_ != State::closed && !thrown_ && input_.next();) {
    // Half a key sequence in a search: of what follows readline keeps one byte.
    if (RL_ISSTATE(RL_STATE_ISEARCH) && rl_get_keymap()[input_.last()].type == ISKMAP && input_.skip_wide_character())
      continue;
    if (give_up_operator()) continue;
    const bool first_byte_decides = counts_to_nothing() || RL_ISSTATE(RL_STATE_MULTIKEY);
    if (first_byte_decides) input_.cut_character();
    take_character();
    if (first_byte_decides && RL_ISSTATE(RL_STATE_MULTIKEY)) input_.give_back_rest();
    if (state_ == State::prompting) finish();
  }
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

/// Behind an operator of vi an escape is a motion to readline, which `.` then repeats: half a key sequence. It ends the
/// operator instead, and a key that begins with it acts by itself. True when there is none.
bool LineEditor::give_up_operator() {
  if (!RL_ISSTATE(RL_STATE_VIMOTION) || RL_ISSTATE(RL_STATE_CHARSEARCH) || !input_.escapes()) return false;
  rl_callback_sigcleanup();
  if (RL_ISSTATE(RL_STATE_NUMERICARG)) rl_callback_sigcleanup();
  rl_numeric_arg = 1;
  rl_explicit_arg = 0;
  if (input_.begins_sequence()) return false;
  (void)rl_getc_function(rl_instream);
  finish();
  return true;
}

void LineEditor::draw() {
  sigjmp_buf* const target = abort_target();
  if (target != nullptr && caller_ != nullptr) std::memcpy(target, caller_, sizeof *caller_);
  if (state_ != State::closed) redisplay_.draw();
}

void LineEditor::take_character() {
  sigjmp_buf here;
  if (sigsetjmp(here, 0) == 0) {
    caller_ = &here;
    rl_callback_read_char();
  }
  caller_ = nullptr;
}

/// What branches of rl_callback_read_char() leave undone.
void LineEditor::finish() {
  // Behind a count, what a character is inserted with ends with a key that was read ahead.
  while (state_ == State::prompting && rl_done == 0 && RL_ISSTATE(RL_STATE_INPUTPENDING)) take_character();
  if (rl_done != 0) finish_line();
  if (state_ != State::prompting) return;
  if (input_.over()) return take_line(nullptr);
  // A search without anything to search for gives back neither the prompt nor the line.
  if (rl_display_prompt != rl_prompt && !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG)) {
    rl_display_prompt = rl_prompt;
    rl_maybe_unsave_line();
  }
  // A search that is given up puts the cursor where it was in another line: perhaps into a character.
  for (int steps = 3; steps > 0 && rl_point > 0 && rl_point < rl_end && goes_on(rl_line_buffer[rl_point]); --steps)
    --rl_point;
  draw();
}

/// Enter, in a branch of rl_callback_read_char() that returns without a look at what the key has done: behind a count,
/// or a motion of vi. A key that does nothing makes it look.
void LineEditor::finish_line() {
  static const Keymap nothing = [] {
    static KEYMAP_ENTRY_ARRAY keys = {};
    for (KEYMAP_ENTRY& entry : keys) entry = {ISFUNC, do_nothing};
    return keys;
  }();
  const Keymap before = rl_get_keymap();
  rl_set_keymap(nothing);
  rl_execute_next(' ');
  take_character();
  if (rl_get_keymap() == nothing) rl_set_keymap(before);
}

/// readline's callback: null at the end of the input.
void LineEditor::take_line(char* line) {
  const std::unique_ptr<char, decltype(&std::free)> owner(line, std::free);
  if (line == nullptr && input_.cut()) return;
  redisplay_.leave();
  // At Ctrl-D the line is empty, but the terminal may have gone in the middle of one.
  history_.add(line == nullptr ? typed() : line);
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

void LineEditor::print_above(std::string_view text) {
  state_ == State::prompting ? redisplay_.print_above(text) : redisplay_.write(text);
}

void LineEditor::set_prompt(std::string prompt) {
  if (prompt == prompt_) return;
  prompt_ = std::move(prompt);
  if (state_ != State::prompting) return;  // open() or the end of on_line shows it
  char* const shown = rl_display_prompt == rl_prompt ? nullptr : rl_display_prompt;
  rl_set_prompt(prompt_.c_str());
  if (shown != nullptr) rl_display_prompt = shown;
  draw();
}

void LineEditor::interrupt() {
  if (state_ != State::prompting) return;
  input_.forget();
  const std::string line(typed());
  const bool searching = RL_ISSTATE(RL_STATE_ISEARCH);
  rl_callback_sigcleanup();
  rl_free_line_state();
  if (searching) {  // the end of a search takes the line from the history anew, which may have another text by now
    rl_replace_line(line.c_str(), 1);
    draw();
  }
  redisplay_.go_behind();
  rl_echo_signal_char(SIGINT);
  rl_crlf();
  std::fflush(rl_outstream);  // while the line is still what stands above
  rl_replace_line("", 1);
  rl_clear_pending_input();
  history_set_pos(history_length);  // else the next Up begins where a search was left
  open();
}

void LineEditor::suspend() {
  if (state_ == State::prompting) redisplay_.leave();
  give_back_terminal();
  signals_.stop_process();
  resumed();
}

void LineEditor::resumed() {
  if (!signals_.wait_for_foreground(STDIN_FILENO) || state_ == State::closed) return;
  give_back_terminal();  // what the shell left is what it finds again
  take_terminal(1);
  if (state_ == State::waiting) return;
  redisplay_.take_size();
  redisplay_.begin_here();
  draw();
}

void LineEditor::resized() {
  state_ == State::prompting ? redisplay_.resized() : redisplay_.take_size();
}

void LineEditor::take_terminal(int meta) {
  terminal_becomes_raw(is_on("enable-bracketed-paste"));
  const bool had_lines = reads_lines(STDIN_FILENO);
  rl_prep_terminal(meta);
  if (had_lines) current_->input_.typed_in_lines();
}

void LineEditor::give_back_terminal() {
  rl_eof_found = 0;  // which a command sets that could do nothing, too: readline would begin one more row
  if (in_foreground(STDIN_FILENO)) rl_deprep_terminal();
  fflush(rl_outstream);
  terminal_is_sane();
}

int LineEditor::edit_in_editor(int, int) {
  current_->redisplay_.erase();
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
      const std::string said = sanitised(edited.said);
      const std::string what = edited.saved.empty() ? tr("{}; the line is as it was", said)
                                                    : tr("{} and in the line history; the line is as it was", said);
      fprintf(rl_outstream, "%s\r\n", what.c_str());
    }
  } catch (const Error& error) {
    take_terminal(1);
    fprintf(rl_outstream, "%s\r\n", tr("{}; the line is as it was", sanitised(error.what())).c_str());
  }
  current_->redisplay_.take_size();
  current_->redisplay_.begin_here();
  return 0;
}

char** LineEditor::complete(const char* word, int start, int) {
  rl_attempted_completion_over = 1;  // no names of files
  try {
    const std::string_view before(rl_line_buffer, static_cast<std::size_t>(start));
    candidates = current_->hooks_.complete(before, word, is_on("completion-ignore-case"));
  } catch (...) {
    current_->thrown_ = std::current_exception();
    return nullptr;
  }
  // A space ends a tag; a command has none.
  const bool is_tag = !candidates.empty() && find_tag(candidates.front(), 0).has_value();
  rl_completion_suppress_append = is_tag ? 0 : 1;
  char** const matches = rl_completion_matches(word, next_match);
  // Several that differ in what was typed, by case say, have less in common than that: it stays.
  if (matches != nullptr && std::strlen(matches[0]) < std::strlen(word)) {
    std::free(matches[0]);
    matches[0] = strdup(word);
  }
  return matches;
}

}  // namespace md2
