#include "client/prompt/redisplay.h"

#include <fcntl.h>
#include <stdio.h>  // readline's headers need FILE

#include <readline/history.h>
#include <readline/readline.h>

#include <algorithm>
#include <utility>

#include "client/prompt/inputrc.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::string_view begin_picture = "\x1b[?2026h";
constexpr std::string_view end_picture = "\x1b[?2026l";

std::string_view capability(const char* name) {
  const char* value = rl_get_termcap(name);
  return value == nullptr ? std::string_view() : value;
}

/// What readline puts before its own prompt, and not before that of a search.
std::string_view mode() {
  if (rl_display_prompt != rl_prompt || !is_on("show-mode-in-prompt")) return {};
  if (rl_editing_mode == 1) return value_of("emacs-mode-string");
  return value_of(rl_get_keymap() == vi_insertion_keymap ? "vi-ins-mode-string" : "vi-cmd-mode-string");
}

bool clears_screen(std::string_view bytes) {
  return bytes.find("\x1b[H") != std::string_view::npos || bytes.find("\x1b[2J") != std::string_view::npos ||
         bytes.find('\f') != std::string_view::npos;
}

}  // namespace

Redisplay::Redisplay(int fd) : terminal_(fcntl(fd, F_DUPFD_CLOEXEC, 0)) {
  cookie_io_functions_t functions{};
  functions.write = [](void* self, const char* bytes, std::size_t size) {
    static_cast<Redisplay*>(self)->pass({bytes, size});
    return static_cast<ssize_t>(size);
  };
  if (terminal_) stream_.reset(fopencookie(this, "w", functions));
  if (!stream_) throw_errno(tr("cannot open the terminal"));
}

void Redisplay::begin() {
  Painter::Terminal terminal;
  terminal.moves = rl_get_termcap("up") != nullptr;
  terminal.mark = capability("so");
  terminal.mark_ends = capability("se");
  painter_.emplace(std::move(terminal));
  take_size();
  // Readline leaves the last column free where the terminal does not wrap as a VT100 does.
  room_.wraps = room_.columns == columns_of(terminal_.get());
}

void Redisplay::take_size() {
  rl_reset_screen_size();
  // Readline does not believe in a single column.
  if (columns_of(terminal_.get()) == 1) rl_set_screen_size(rows_of(terminal_.get()), 1);
  rl_get_screen_size(&room_.rows, &room_.columns);
  room_.columns = std::max(room_.columns, 1);
}

LineText Redisplay::text() const {
  LineText text;
  if (is_on("mark-modified-lines") && current_history() != nullptr && rl_undo_list != nullptr) text.prompt = "*";
  text.prompt += mode();
  if (rl_display_prompt != nullptr) text.prompt += rl_display_prompt;
  text.line = {rl_line_buffer, static_cast<std::size_t>(rl_end)};
  text.cursor = static_cast<std::size_t>(std::clamp(rl_point, 0, rl_end));
  if (rl_mark_active_p() != 0) {
    text.marked = static_cast<std::size_t>(std::clamp(std::min(rl_mark, rl_point), 0, rl_end));
    text.marked_end = static_cast<std::size_t>(std::clamp(std::max(rl_mark, rl_point), 0, rl_end));
  }
  text.ascii_only = !is_on("output-meta");
  return text;
}

Picture Redisplay::picture(const LineText& text) {
  if (!painter_->moves() || room_.rows <= 1 || is_on("horizontal-scroll-mode"))
    return lay_out_in_one_row(text, room_, first_);
  return lay_out(text, room_, first_);
}

void Redisplay::draw() {
  take_from_readline();
  LineText now = text();
  if (!painter_->shows_line() || now != drawn_) {
    if (!painter_->shows_line()) first_ = 0;
    painter_->paint(picture(now), room_.columns);
    drawn_line_ = now.line;
    drawn_ = std::move(now);
    drawn_.line = drawn_line_;
  }
  flush();
}

void Redisplay::print_above(std::string_view text) {
  take_from_readline();
  if (painter_->moves()) painter_->put(begin_picture);
  painter_->erase();
  painter_->put(text);
  paint_again();
  if (painter_->moves()) painter_->put(end_picture);
  flush();
}

void Redisplay::erase() {
  take_from_readline();
  painter_->erase();
  flush();
}

void Redisplay::go_behind() {
  take_from_readline();
  if (painter_->shows_line()) show_end();
  flush();
}

void Redisplay::leave() {
  take_from_readline();
  if (painter_->shows_line()) {
    show_end();
    painter_->leave();
  }
  flush();
}

void Redisplay::paint_again() {
  painter_->paint(picture(drawn_), room_.columns);
}

/// The cursor goes behind the line as it was drawn last (readline may have taken its own half apart by now); of one
/// that is taller than the screen, the last rows show.
void Redisplay::show_end() {
  drawn_.cursor = drawn_.line.size();
  paint_again();
}

void Redisplay::begin_here() {
  take_from_readline();
  painter_->forget();
  painter_->erase();
  flush();
}

void Redisplay::resized() {
  take_from_readline();
  take_size();
  if (painter_->moves()) painter_->put(begin_picture);
  painter_->reflow(room_.columns, room_.rows);
  paint_again();
  if (painter_->moves()) painter_->put(end_picture);
  flush();
}

void Redisplay::write(std::string_view text) {
  take_from_readline();
  painter_->put(text);
  flush();
}

/// What readline writes, or one of its hooks.
void Redisplay::pass(std::string_view bytes) {
  if (!painter_) {
    write_all(terminal_.get(), bytes);
    return;
  }
  const bool over = painter_->shows_line();
  const bool new_row = bytes.find('\n') != std::string_view::npos;
  const bool cleared = clears_screen(bytes);
  if (over && new_row && !cleared) show_end();
  painter_->put(bytes);
  if (over && (new_row || cleared)) {
    painter_->forget();
  } else if (over && bytes.find('\r') != std::string_view::npos) {
    painter_->disturbed();
  }
  if (!holds_) flush();
}

void Redisplay::take_from_readline() {
  holds_ = true;
  std::fflush(stream_.get());
  holds_ = false;
}

void Redisplay::flush() {
  write_all(terminal_.get(), painter_->take());
}

}  // namespace md2
