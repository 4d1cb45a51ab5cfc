#include "client/prompt/keyboard.h"

#include <poll.h>
#include <stdio.h>  // readline's headers need FILE
#include <unistd.h>

#include <readline/readline.h>

#include <cerrno>

namespace md2 {

void Keyboard::begin_read() {
  cut_ = false;
  paste_end_at_ = 0;
}

/// Reads ahead only where readline asks for more of the same (an open paste): a call a byte makes a paste of 1 MiB take
/// seconds. Elsewhere, what is typed after a line may be meant for the editor or the shell.
int Keyboard::get_byte() {
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

/// What readline finds out with select(2) where there is no hook.
bool Keyboard::has_byte() const {
  if (has_ahead()) return true;
  const int microseconds = rl_set_keyboard_input_timeout(0);
  rl_set_keyboard_input_timeout(microseconds);
  pollfd interest{STDIN_FILENO, POLLIN, 0};
  return poll(&interest, 1, microseconds / 1000) > 0;
}

/// What readline gets when there is no byte to give: in an open paste the sequence that ends it, because there it takes
/// an error for the end of a string that it does not terminate; else the error, which leaves half a line alone.
int Keyboard::end_of_input() {
  static constexpr std::string_view paste_end = "\x1b[201~";
  if (!RL_ISSTATE(RL_STATE_MOREINPUT)) return READERR;
  const char byte = paste_end[paste_end_at_++];
  if (paste_end_at_ == paste_end.size()) paste_end_at_ = 0;
  return static_cast<unsigned char>(byte);
}

}  // namespace md2
