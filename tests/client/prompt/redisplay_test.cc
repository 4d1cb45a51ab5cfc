#include "client/prompt/redisplay.h"

#include <doctest/doctest.h>
#include <pty.h>
#include <stdio.h>  // readline's headers need FILE
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <readline/readline.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/unique_fd.h"

using namespace md2;

namespace {

const std::string picture_begins = "\x1b[?2026h";
const std::string picture_ends = "\x1b[?2026l";

/// What is not to be compared ends here.
void mark() {
  write_all(STDOUT_FILENO, "\f");
}

void resize_terminal(int columns) {
  const winsize size{24, static_cast<unsigned short>(columns), 0, 0};
  ioctl(STDOUT_FILENO, TIOCSWINSZ, &size);
}

/// The bytes that a redisplay writes, from the mark() on when there is one. `work` runs in a process of its own on a
/// terminal of 24 rows and 20 columns, where readline has the prompt "> " and the line "abc" and has drawn nothing;
/// `variable` is on.
std::string written_by(const std::function<void(Redisplay&)>& work, const char* terminal_name = "xterm-256color",
                       const char* variable = nullptr) {
  const winsize size{24, 20, 0, 0};
  int terminal = -1;
  std::cout << std::flush;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child < 0) throw_errno("cannot make a pseudo-terminal");
  if (child == 0) {
    setenv("TERM", terminal_name, 1);
    setenv("INPUTRC", "/dev/null", 1);
    system("stty raw");
    Redisplay redisplay(STDOUT_FILENO);
    rl_outstream = redisplay.stream();
    rl_initialize();
    if (variable != nullptr) rl_variable_bind(variable, "on");
    redisplay.begin();
    rl_set_prompt("> ");
    rl_insert_text("abc");
    work(redisplay);
    rl_outstream = nullptr;
    _exit(0);
  }
  const UniqueFd owner(terminal);
  std::string written;
  std::array<char, 4096> bytes;
  for (ssize_t count = 0; (count = ::read(terminal, bytes.data(), bytes.size())) > 0 || (count < 0 && errno == EINTR);)
    written.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  REQUIRE(status == 0);
  const std::size_t begin = written.rfind('\f');
  return begin == std::string::npos ? written : written.substr(begin + 1);
}

}  // namespace

TEST_CASE("a line is drawn once, and then what changes of it") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          redisplay.draw();
          rl_insert_text("d");
          redisplay.draw();
        }) == "> abcd");
}

TEST_CASE("before the line stand what tells the mode and that a line of the history was changed") {
  const auto draw = [](Redisplay& redisplay) { redisplay.draw(); };
  CHECK(written_by(draw, "xterm", "show-mode-in-prompt") == "@> abc");
  // It is none of the history's.
  CHECK(written_by(draw, "xterm", "mark-modified-lines") == "> abc");
}

TEST_CASE("a message and the line below it are one picture") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          mark();
          redisplay.print_above("hi\r\n");
        }) == picture_begins + "\r\x1b[K\x1b[C\x1b[J\rhi\r\n> abc" + picture_ends);
}

TEST_CASE("what readline prints stands below the line, and the line below that") {
  CHECK(written_by([](Redisplay& redisplay) {
          rl_point = 0;
          redisplay.draw();
          mark();
          std::fputs("\r\none  two\r\n", redisplay.stream());
          redisplay.draw();
        }) == "\x1b[3C\r\none  two\r\n> abc\b\b\b");
}

TEST_CASE("a screen that readline clears has the line anew") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          mark();
          std::fputs("\x1b[H\x1b[2J", redisplay.stream());
          redisplay.draw();
        }) == "\x1b[H\x1b[2J> abc");
}

TEST_CASE("a bell leaves the line alone") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          mark();
          std::fputs("\a", redisplay.stream());
          redisplay.draw();
        }) == "\a");
}

TEST_CASE("after a resize the line is erased from where the terminal has put it, and drawn in its new room") {
  CHECK(written_by([](Redisplay& redisplay) {
          rl_insert_text("defghijklmnopq");
          redisplay.draw();
          mark();
          resize_terminal(10);
          redisplay.resized();
        }) == picture_begins + "\r\x1b[1A\x1b[K\x1b[C\x1b[J\r> abcdefghijklmnopq" + picture_ends);
}

TEST_CASE("a terminal of one column has one, whatever readline thinks") {
  CHECK(written_by([](Redisplay& redisplay) {
          resize_terminal(1);
          redisplay.take_size();
          redisplay.draw();
        }) == "> abc\r\n");
}

TEST_CASE("the line stays where it was left, and what is written next stands below it") {
  CHECK(written_by([](Redisplay& redisplay) {
          rl_point = 0;
          redisplay.draw();
          mark();
          redisplay.leave();
          redisplay.write("kept\r\n");
        }) == "\x1b[3C\r\nkept\r\n");
}

TEST_CASE("where the line was erased, what is written next takes its place") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          mark();
          redisplay.erase();
          redisplay.write("vi\r\n");
          redisplay.draw();
        }) == "\r\x1b[K\x1b[C\x1b[J\rvi\r\n> abc");
}

TEST_CASE("a line that begins anew begins in the cursor's row") {
  CHECK(written_by([](Redisplay& redisplay) {
          redisplay.draw();
          mark();
          redisplay.begin_here();
          redisplay.draw();
        }) == "\r\x1b[K\x1b[C\x1b[J\r> abc");
}

TEST_CASE("a terminal that can't move gets no escape sequence") {
  const std::string bytes = written_by(
      [](Redisplay& redisplay) {
        redisplay.draw();
        redisplay.print_above("hi\r\n");
        resize_terminal(10);
        redisplay.resized();
        redisplay.leave();
      },
      "dumb");
  CHECK(bytes == "> abc\r     \rhi\r\n> abc\r> abc\r\n");
}
