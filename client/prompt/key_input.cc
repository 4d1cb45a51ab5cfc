#include "client/prompt/key_input.h"

#include <poll.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/diary/entry.h"
#include "common/text/character.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// All of `bytes` begins a character, and does not end it.
bool is_half(std::string_view bytes) {
  return !bytes.empty() && bytes.size() < claimed_length(bytes.front()) &&
         std::all_of(bytes.begin() + 1, bytes.end(), goes_on);
}

bool can_be_read(int milliseconds) {
  pollfd interest{STDIN_FILENO, POLLIN, 0};
  return poll(&interest, 1, milliseconds) > 0;
}

/// Readline's own for the rest of a key sequence, in milliseconds.
int sequence_time() {
  const int microseconds = rl_set_keyboard_input_timeout(0);
  rl_set_keyboard_input_timeout(microseconds);
  return microseconds / 1000;
}

}  // namespace

void KeyInput::begin() {
  first_ = true;
  cut_ = false;
  paste_end_at_ = 0;
}

bool KeyInput::next() {
  if (!first_ && ahead_.empty()) return false;
  const bool first = first_;
  first_ = false;
  if (ahead_.empty()) {
    // Not longer than a signal takes: get_byte() says so to readline.
    if (begun_ == 0 && !signals_.wait_readable(STDIN_FILENO)) return true;
    if (!read(1)) return true;
  }
  while (is_half(ahead_)) {
    std::copy(ahead_.begin(), ahead_.end(), input_.begin());
    begun_ = ahead_.size();
    ahead_ = {};
    if (!can_be_read(0)) return false;
    if (!read(1)) return first;
  }
  return true;
}

/// Reads behind what was begun, maybe nothing that stays in a paste. False at the end of the input; what was begun is
/// dropped then.
bool KeyInput::read(std::size_t size) {
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, input_.data() + begun_, std::min(size, input_.size() - begun_));
  } while (count < 0 && errno == EINTR);
  const std::size_t begun = std::exchange(begun_, 0);
  over_ = count <= 0;
  if (over_) return false;
  mend_end_keys(begun, static_cast<std::size_t>(count));
  std::size_t kept = static_cast<std::size_t>(count);
  if (RL_ISSTATE(RL_STATE_MOREINPUT))
    kept = pasted_lines_.filter(input_.data() + begun, kept);
  else
    pasted_lines_.begin();
  ahead_ = {input_.data(), begun + kept};
  return true;
}

void KeyInput::typed_in_lines() {
  int count = 0;
  if (ioctl(STDIN_FILENO, FIONREAD, &count) == 0) typed_in_lines_ = static_cast<std::size_t>(count);
}

void KeyInput::mend_end_keys(std::size_t begin, std::size_t count) {
  const std::size_t typed = std::min(typed_in_lines_, count);
  typed_in_lines_ -= typed;
  termios modes{};
  if (typed == 0 || tcgetattr(STDIN_FILENO, &modes) != 0) return;
  const auto first = input_.begin() + static_cast<std::ptrdiff_t>(begin);
  std::replace(first, first + static_cast<std::ptrdiff_t>(typed), '\0', static_cast<char>(modes.c_cc[VEOF]));
}

std::vector<std::string> KeyInput::take_lines() {
  std::string typed;
  while (typed.size() < max_text && can_be_read(0) && read(input_.size())) typed += std::exchange(ahead_, {});
  std::replace(typed.begin(), typed.end(), '\r', '\n');
  std::vector<std::string> lines;
  for (const std::string_view line : Lines(typed)) {
    if (!line.empty() && text_error(line).empty()) lines.emplace_back(line);
  }
  return lines;
}

int KeyInput::get_byte() {
  while (ahead_.empty()) {
    if (paste_end_at_ > 0 || over_) return end_of_input();
    cut_ = !signals_.wait_readable(STDIN_FILENO);
    if (cut_ || !read(RL_ISSTATE(RL_STATE_MOREINPUT) ? input_.size() : 1)) return end_of_input();
  }
  const char byte = ahead_.front();
  ahead_.remove_prefix(1);
  return last_ = static_cast<unsigned char>(byte);
}

bool KeyInput::has_byte() const {
  return !ahead_.empty() || can_be_read(sequence_time());
}

void KeyInput::cut_character() {
  rest_.clear();
  if (ahead_.empty()) return;
  const char first = ahead_.front();
  const std::size_t rest = std::min(claimed_length(first), ahead_.size()) - 1;
  rest_ = ahead_.substr(1, rest);
  ahead_.remove_prefix(rest);
  input_[static_cast<std::size_t>(ahead_.data() - input_.data())] = first;
}

void KeyInput::give_back_rest() {
  if (rest_.empty()) return;
  // It comes back to where it was, before what is still ahead.
  const std::size_t at = static_cast<std::size_t>(ahead_.data() - input_.data()) - rest_.size();
  std::copy(rest_.begin(), rest_.end(), input_.begin() + static_cast<std::ptrdiff_t>(at));
  ahead_ = {input_.data() + at, rest_.size() + ahead_.size()};
  rest_.clear();
}

bool KeyInput::skip_wide_character() {
  if (ahead_.empty() || claimed_length(ahead_.front()) == 1) return false;
  ahead_.remove_prefix(std::min(claimed_length(ahead_.front()), ahead_.size()));
  return true;
}

bool KeyInput::begins_sequence() {
  if (ahead_.size() == 1 && can_be_read(sequence_time())) {
    input_.front() = ahead_.front();
    begun_ = 1;
    read(1);
  }
  return ahead_.size() > 1 && (ahead_[1] == '[' || ahead_[1] == 'O');
}

/// What readline gets when there is no byte to give: in an open paste the sequence that ends it, because there it takes
/// an error for the end of a string that it does not terminate; else the error, which leaves half a line alone.
int KeyInput::end_of_input() {
  static constexpr std::string_view paste_end = "\x1b[201~";
  if (!RL_ISSTATE(RL_STATE_MOREINPUT)) return READERR;
  const char byte = paste_end[paste_end_at_++];
  if (paste_end_at_ == paste_end.size()) paste_end_at_ = 0;
  return static_cast<unsigned char>(byte);
}

}  // namespace md2
