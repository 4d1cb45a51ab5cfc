#include "tests/e2e/screens/line_program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include "client/prompt/line_editor.h"
#include "client/terminal/signals.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/process.h"
#include "tests/support/files.h"

namespace md2::test {
namespace {

// A message either way is a letter for its kind, its size in four bytes, its bytes.
constexpr std::size_t head_size = 5;

std::string message(char kind, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::string text(1, kind);
  text.append(reinterpret_cast<const char*>(&size), sizeof size);
  return text += bytes;
}

/// The first whole message of `bytes`, which it leaves; no kind when there is none.
std::pair<char, std::string> take_message(std::string& bytes) {
  std::uint32_t size = 0;
  if (bytes.size() < head_size) return {'\0', {}};
  std::memcpy(&size, bytes.data() + 1, sizeof size);
  if (bytes.size() < head_size + size) return {'\0', {}};
  std::pair<char, std::string> taken{bytes[0], bytes.substr(head_size, size)};
  bytes.erase(0, head_size + size);
  return taken;
}

std::string value_of(const char* variable) {
  const char* value = rl_variable_value(variable);
  return value == nullptr ? "" : value;
}

std::string mode() {
  if (value_of("show-mode-in-prompt") != "on") return "";
  if (rl_editing_mode == 1) return "@";
  return rl_get_keymap() == vi_insertion_keymap ? "(ins)" : "(cmd)";
}

constexpr const char* prompt = "当下>>> ";

/// In the process of the line editor.
class Editor {
 public:
  Editor(const std::string& history, int told, int said)
      : told_(told), said_(said), editor_(prompt, history, signals_, hooks()) {
    // How many bytes readline has got tells when it has taken all that was typed.
    static std::size_t taken = 0;
    static rl_getc_func_t* get = nullptr;
    get = std::exchange(rl_getc_function, [](FILE* file) {
      const int byte = get(file);
      if (byte >= 0) ++taken;
      return byte;
    });
    taken_ = &taken;
  }

  void run() {
    editor_.open();
    while (!over_) {
      std::array<pollfd, 3> watched{pollfd{editor_.fd(), POLLIN, 0}, pollfd{signals_.fd(), POLLIN, 0},
                                    pollfd{told_, POLLIN, 0}};
      poll(watched.data(), watched.size(), -1);
      if (watched[2].revents != 0) take_told();
      settle();
      if (watched[0].revents != 0) editor_.read();
      settle();
    }
    editor_.close();
  }

 private:
  LineEditor::Hooks hooks() {
    const auto complete = [](std::string_view before, std::string_view word, bool ignore_case) {
      Tags tags;
      tags.see("#wörk #日记 #工作 #work");
      return completions(before, word, tags, Days(), ignore_case);
    };
    return {[this](const std::string& line) { write_all(said_, message('L', line)); }, [this] { over_ = true; },
            complete};
  }

  void settle() {
    while (handle_signals() || answer()) {
    }
  }

  bool handle_signals() {
    const SeenSignals seen = signals_.take();
    over_ = over_ || seen.end != 0;
    if (seen.interrupt) editor_.interrupt();
    if (seen.resized) editor_.resized();
    return seen.interrupt || seen.resized;
  }

  void take_told() {
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(told_, bytes.data(), bytes.size());
    if (count <= 0) over_ = true;
    if (count > 0) told_bytes_.append(bytes.data(), static_cast<std::size_t>(count));
  }

  /// What comes first is done first: a question waits for the keys that were typed before it.
  bool answer() {
    if (asked_ == 0) {
      auto [kind, text] = take_message(told_bytes_);
      if (kind == 'P') editor_.print_above(text);
      if (kind == 'Q') asked_ = std::stoul(text) + 1;
      if (kind != 'Q') return kind != '\0';
    }
    if (*taken_ + 1 < asked_) return false;
    asked_ = 0;
    handle_signals();
    write_all(said_, message('S', state()));
    return true;
  }

  static std::string state() {
    const std::string marked =
        value_of("mark-modified-lines") == "on" && current_history() != nullptr && rl_undo_list != nullptr ? "*" : "";
    const bool searching = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG);
    const bool in_sequence = RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_MOREINPUT | RL_STATE_METANEXT | RL_STATE_VIMOTION |
                                        RL_STATE_CHARSEARCH);
    const std::string main = marked + mode() + prompt;
    std::string text;
    for (const std::string& part :
         {std::string(rl_line_buffer, static_cast<std::size_t>(rl_end)), std::to_string(rl_point),
          rl_display_prompt == rl_prompt ? main : marked + rl_display_prompt, main, std::to_string(searching ? 1 : 0),
          std::to_string(RL_ISSTATE(RL_STATE_NSEARCH) ? 1 : 0), std::to_string(in_sequence ? 1 : 0),
          std::to_string(rl_insert_mode == 1 && (rl_editing_mode == 1 || rl_get_keymap() == vi_insertion_keymap)),
          std::to_string(value_of("horizontal-scroll-mode") == "on"),
          std::to_string(RL_ISSTATE(RL_STATE_INPUTPENDING) ? 1 : 0)}) {
      text += message('.', part);
    }
    return text;
  }

  int told_;
  int said_;
  Signals signals_;
  bool over_ = false;
  std::string told_bytes_;
  std::size_t asked_ = 0;  ///< one more than the bytes that must have been taken before the answer; 0: not asked
  std::size_t* taken_ = nullptr;
  LineEditor editor_;
};

LineState read_state(std::string text) {
  const auto next = [&] { return take_message(text).second; };
  LineState state;
  state.line = next();
  state.cursor = std::stoul(next());
  state.prefix = next();
  state.main_prefix = next();
  state.searching = next() == "1";
  state.asking = next() == "1";
  state.in_sequence = next() == "1";
  state.inserts = next() == "1";
  state.one_row = next() == "1";
  state.holds_key = next() == "1";
  return state;
}

}  // namespace

LineProgram::LineProgram(int rows, int columns, const std::string& inputrc) : emulator_(rows, columns) {
  write_file(sandbox_.path("inputrc"), inputrc);
  Pipe told = make_pipe(0);
  Pipe said = make_pipe(0);
  std::cout << std::flush;
  const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  int terminal = -1;
  pid_ = forkpty(&terminal, nullptr, nullptr, &size);
  if (pid_ < 0) throw_errno("cannot make a pseudo-terminal");
  if (pid_ == 0) {
    setenv("INPUTRC", sandbox_.path("inputrc").c_str(), 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("VISUAL", "true", 1);
    int status = 125;
    try {
      Editor(sandbox_.path("history"), told.read.get(), said.write.get()).run();
      status = 0;
    } catch (...) {
      // The rest of the tests is the parent's.
    }
    _exit(status);
  }
  told_ = std::move(told.write);
  said_ = std::move(said.read);
  terminal_.reset(terminal);
  fcntl(terminal, F_SETFL, O_NONBLOCK);
}

LineProgram::~LineProgram() {
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void LineProgram::take_screen() {
  std::array<char, 65536> bytes;
  for (ssize_t count = 0; (count = ::read(terminal_.get(), bytes.data(), bytes.size())) > 0;)
    emulator_.feed({bytes.data(), static_cast<std::size_t>(count)});
}

void LineProgram::type(std::string_view keys) {
  typed_ += std::exchange(begun_, 0) + keys.size();
  for (const Deadline deadline; !keys.empty();) {
    pollfd interest{terminal_.get(), POLLIN | POLLOUT, 0};
    if (poll(&interest, 1, deadline.left()) <= 0) throw Failure("what is typed is not read");
    take_screen();
    // No more than a terminal's buffer is sure to take.
    const ssize_t count = ::write(terminal_.get(), keys.data(), std::min<std::size_t>(keys.size(), 512));
    if (count > 0) keys.remove_prefix(static_cast<std::size_t>(count));
  }
}

void LineProgram::type_begun(std::string_view bytes) {
  const std::size_t before = typed_;
  type(bytes);
  begun_ = typed_ - before;
  typed_ = before;
}

void LineProgram::send(char kind, std::string_view text) {
  write_all(told_.get(), message(kind, text));
}

void LineProgram::tell(std::string_view text) {
  send('P', text);
}

void LineProgram::interrupt() const {
  kill(pid_, SIGINT);
}

void LineProgram::resize(int rows, int columns) {
  take_screen();
  emulator_.resize(rows, columns);
  const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  if (ioctl(terminal_.get(), TIOCSWINSZ, &size) != 0) throw_errno("cannot resize the pseudo-terminal");
}

bool LineProgram::take_report() {
  auto [kind, text] = take_message(said_bytes_);
  if (kind == 'L') lines_.push_back(text);
  if (kind == 'S') states_.push_back(read_state(text));
  return kind != '\0';
}

LineState LineProgram::state() {
  send('Q', std::to_string(typed_));
  for (const Deadline deadline; states_.empty();) {
    std::array<pollfd, 2> watched{pollfd{terminal_.get(), POLLIN, 0}, pollfd{said_.get(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), deadline.left()) <= 0) throw Failure("the program does not take its keys");
    take_screen();
    if (watched[1].revents == 0) continue;
    std::array<char, 65536> bytes;
    const ssize_t count = ::read(said_.get(), bytes.data(), bytes.size());
    if (count <= 0) throw Failure("the program has ended");
    said_bytes_.append(bytes.data(), static_cast<std::size_t>(count));
    while (take_report()) {
    }
  }
  LineState state = std::move(states_.front());
  states_.clear();
  return state;
}

std::vector<std::string> LineProgram::lines() {
  return std::exchange(lines_, {});
}

}  // namespace md2::test
