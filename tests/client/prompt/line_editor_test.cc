#include "client/prompt/line_editor.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "client/terminal/signals.h"
#include "client/terminal/wake_pipe.h"
#include "common/os/file.h"
#include "tests/support/deadline.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr const char* prompt = "当下>>> ";  // 8 columns

/// The program that is tested: what it gets from the line editor it writes to `said`, what comes from `told` it prints
/// above the prompt.
int edit(const std::string& history, int told, int said) {
  const auto say = [&](const std::string& text) { write_all(said, text + "\n"); };
  Signals signals;
  bool over = false;
  LineEditor* the_editor = nullptr;
  const auto on_line = [&](const std::string& line) {
    say(line.size() > 100 ? "line of " + std::to_string(line.size()) : "line " + line);
    if (line == "?") the_editor->print_above("help\n");
    if (line == "throw") throw std::runtime_error("thrown");
    if (line == "quit") {
      the_editor->close();
      over = true;
    }
  };
  const auto on_end = [&] {
    say("end");
    the_editor->close();
    over = true;
  };
  LineEditor editor(prompt, history, signals, {on_line, on_end, {}});
  the_editor = &editor;
  editor.print_above("banner\n");
  editor.open();
  while (!over) {
    std::array<pollfd, 3> watched{pollfd{editor.fd(), POLLIN, 0}, pollfd{signals.fd(), POLLIN, 0},
                                  pollfd{told, POLLIN, 0}};
    poll(watched.data(), watched.size(), -1);
    const SeenSignals seen = signals.take();
    if (seen.end != 0) break;
    if (seen.interrupt) editor.interrupt();
    if (seen.resized) editor.resized();
    if (watched[2].revents != 0) {
      char text[4096];
      const ssize_t count = ::read(told, text, sizeof text);
      if (count > 0) editor.print_above({text, static_cast<std::size_t>(count)});
    }
    try {
      if (watched[0].revents != 0) editor.read();
    } catch (const std::runtime_error& error) {
      editor.print_above(std::string("caught ") + error.what() + "\n");
    }
  }
  return 0;
}

/// edit() in a process of its own under a terminal in memory, and the person in front of it.
class Typist {
 public:
  Typist() : Typist("") {}
  explicit Typist(const std::string& inputrc) {
    write_file(sandbox_.path("inputrc"), inputrc);
    int told[2];
    int said[2];
    REQUIRE(pipe2(told, O_CLOEXEC) == 0);
    REQUIRE(pipe2(said, O_CLOEXEC) == 0);
    told_.reset(told[1]);
    said_.reset(said[0]);
    std::cout << std::flush;
    winsize size{24, 60, 0, 0};
    int terminal = -1;
    pid_ = forkpty(&terminal, nullptr, nullptr, &size);
    if (pid_ == 0) {
      setenv("INPUTRC", sandbox_.path("inputrc").c_str(), 1);
      setenv("TERM", "xterm-256color", 1);
      int status = 125;
      try {
        status = edit(history(), told[0], said[1]);
      } catch (...) {
        // The rest of the tests is the parent's.
      }
      _exit(status);
    }
    close(told[0]);
    close(said[1]);
    terminal_.reset(terminal);
    wait_for([&] { return line() == "当下>>>"; });
  }
  ~Typist() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Typist(const Typist&) = delete;
  Typist& operator=(const Typist&) = delete;

  std::string history() const { return sandbox_.path("history"); }
  const std::string& said() const { return heard_; }
  std::string screen() const { return emulator_.text(); }
  Position cursor() const { return emulator_.cursor(); }
  std::string line() const {
    const auto rows = emulator_.rows();
    const auto at = static_cast<std::size_t>(cursor().row);
    return at < rows.size() ? rows[at] : "";
  }
  void signal(int number) const { kill(pid_, number); }
  void tell(std::string_view text) { REQUIRE(write_all(told_.get(), text) == text.size()); }

  /// Types, and waits until what is then on the screen is right.
  template <typename Holds>
  void type(std::string_view keys, Holds holds) {
    pump(keys, holds);
  }
  template <typename Holds>
  void wait_for(Holds holds) {
    pump({}, holds);
  }

  void hang_up() {
    terminal_.reset();
    closed_ = true;
  }

  int wait() {
    wait_for([&] { return closed_ && heard_all_; });
    int status = 0;
    while (waitpid(pid_, &status, 0) != pid_) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  template <typename Holds>
  void pump(std::string_view keys, Holds holds) {
    const Deadline deadline;
    while (!keys.empty() || !holds()) {
      std::array<pollfd, 2> watched{
          pollfd{terminal_.get(), static_cast<short>(keys.empty() ? POLLIN : POLLIN | POLLOUT), 0},
          pollfd{heard_all_ ? -1 : said_.get(), POLLIN, 0}};
      if (closed_) watched[0].fd = -1;
      if ((closed_ && heard_all_) || poll(watched.data(), watched.size(), deadline.left()) <= 0)
        throw Failure("waited in vain; said: " + heard_ + "\nscreen:\n" + screen());
      char bytes[4096];
      if ((watched[0].revents & (POLLIN | POLLHUP)) != 0) {
        const ssize_t count = ::read(terminal_.get(), bytes, sizeof bytes);
        if (count > 0) emulator_.feed({bytes, static_cast<std::size_t>(count)});
        closed_ = count <= 0;  // EIO: the other side is gone (pty(7))
      } else if ((watched[0].revents & POLLOUT) != 0) {
        // No more than a terminal's buffer is sure to take.
        const ssize_t count = ::write(terminal_.get(), keys.data(), std::min<std::size_t>(keys.size(), 512));
        if (count > 0) keys.remove_prefix(static_cast<std::size_t>(count));
      }
      if ((watched[1].revents & (POLLIN | POLLHUP)) != 0) {
        const ssize_t count = ::read(said_.get(), bytes, sizeof bytes);
        if (count > 0) heard_.append(bytes, static_cast<std::size_t>(count));
        heard_all_ = count <= 0;
      }
    }
  }

  Sandbox sandbox_;
  Emulator emulator_{24, 60};
  UniqueFd terminal_;
  UniqueFd told_;
  UniqueFd said_;
  std::string heard_;
  bool closed_ = false;
  bool heard_all_ = false;
  pid_t pid_ = -1;
};

constexpr std::string_view paste_begin = "\x1b[200~";
constexpr std::string_view paste_end = "\x1b[201~";

std::string pasted(std::string_view text) {
  return std::string(paste_begin) + std::string(text) + std::string(paste_end);
}

}  // namespace

TEST_CASE("lines are handed over, and what a line brings forth stands below it") {
  Typist typist;
  typist.type("?\rquit\r", [&] { return typist.said() == "line ?\nline quit\n"; });
  CHECK(typist.wait() == 0);
  CHECK(typist.screen() == "banner\n当下>>> ?\nhelp\n当下>>> quit\n");
  CHECK(typist.cursor() == Position{4, 0});
}

TEST_CASE("what is printed while a line is typed leaves the line and the cursor as they are") {
  Typist typist;
  typist.type("写一半\x1b[D", [&] { return typist.cursor() == Position{1, 12}; });
  typist.tell("message\n");
  typist.wait_for([&] { return typist.screen() == "banner\nmessage\n当下>>> 写一半\n"; });
  typist.wait_for([&] { return typist.cursor() == Position{2, 12}; });
  typist.type("X\r", [&] { return typist.said() == "line 写一X半\n"; });
}

TEST_CASE("an exception in the hook reaches the caller of read, and the prompt goes on") {
  Typist typist;
  typist.type("throw\r", [&] { return typist.screen().find("caught thrown\n当下>>>") != std::string::npos; });
  typist.tell("message\n");
  typist.type("next\r", [&] { return typist.said() == "line throw\nline next\n"; });
  typist.wait_for([&] {
    return typist.screen().find("caught thrown\n") < typist.screen().find("message\n") && typist.line() == "当下>>>";
  });
}

TEST_CASE("a line of 1 MiB and a byte is handed over whole and stands in the line history") {
  Typist typist;
  const std::string line((std::size_t{1} << 20) + 1, 'x');
  typist.type(pasted(line) + "\r", [&] { return typist.said() == "line of 1048577\n"; });
  CHECK(read_file(typist.history()).find(line) != std::string::npos);
}

TEST_CASE("a paste is one entry, with its tabs, newlines and empty lines") {
  Typist typist;
  typist.type(pasted("one\n\n\ttwo\n三") + "\r", [&] { return typist.said() == "line one\n\n\ttwo\n三\n"; });
}

TEST_CASE("several lines that come at once are handed over one by one") {
  Typist typist;
  typist.type(pasted("one") + "\rtwo\r" + pasted("three") + "\r",
              [&] { return typist.said() == "line one\nline two\nline three\n"; });
}

TEST_CASE("no part of a character goes into the line where the whole does not") {
  // Behind half a key sequence, behind a count below one, behind half a key sequence in a search.
  for (const std::string_view before : {"\x1b", "\x18", "\x1b-", "\x1b\x30", "\x12z\x18"}) {
    CAPTURE(before);
    Typist typist;
    typist.type("a", [&] { return typist.line() == "当下>>> a"; });
    typist.type(std::string(before) + "好", [] { return true; });
    typist.type(
        "\x07\x05"
        "b\r",
        [&] { return typist.said() == "line ab\n"; });
  }
}

TEST_CASE("a character that arrives in pieces is whole for readline, and one key deletes it") {
  Typist typist;
  for (const std::string_view byte : {"\xe4", "\xbb", "\x8a", "\x7f", "\xf0", "\x9f", "\x98", "\x80"})
    typist.type(byte, [] { return true; });
  typist.type("\r", [&] { return typist.said() == "line 😀\n"; });
}

TEST_CASE("Enter behind a count hands over the line at once") {
  Typist typist;
  typist.type(
      "abc\x1b"
      "3\r",
      [&] { return typist.said() == "line abc\n"; });
  typist.type("x\r", [&] { return typist.said() == "line abc\nline x\n"; });
}

TEST_CASE("a key sequence that is bound to nothing, in a search or a macro, rings and is over") {
  Typist typist("\"\\C-t\": \"x\\C-xa\"\n");
  typist.type(
      "\x12\x18"
      "a\x07",
      [] { return true; });
  typist.type(
      "\x14"
      "y\r",
      [&] { return typist.said() == "line xy\n"; });
}

TEST_CASE("Ctrl-C in the command mode of vi begins a line as any begins") {
  Typist typist("set editing-mode vi\n");
  typist.type("abc\x1b\x03", [&] { return typist.screen().find("^C\n") != std::string::npos; });
  typist.type("i\r", [&] { return typist.said() == "line i\n"; });
}

TEST_CASE("Alt-Enter makes a newline") {
  Typist typist;
  typist.type("a\x1b\rb\r", [&] { return typist.said() == "line a\nb\n"; });
}

TEST_CASE("Ctrl-C drops the line, a search, an open paste and half a key sequence") {
  for (const std::string_view half : {"half",
                                      "\x12"
                                      "ha",
                                      "\x1b"
                                      "3",
                                      "\x18", "\x16", "\x1b[200~never ends"}) {
    CAPTURE(half);
    Typist typist;
    const auto fresh = [&] { return typist.screen().find("^C\n") != std::string::npos && typist.line() == "当下>>>"; };
    typist.type(std::string(half) + "\x03", fresh);
    typist.type("ok\r", [&] { return typist.said() == "line ok\n"; });
  }
}

TEST_CASE("a signal that ends the program ends an open paste, and half a line is in the line history") {
  Typist typist;
  typist.type("half " + std::string(paste_begin) + "a paste", [&] { return typist.line() == "当下>>> half"; });
  typist.signal(SIGTERM);
  CHECK(typist.wait() == 0);
  CHECK(typist.said().empty());
  CHECK(read_file(typist.history()).find("\nhalf ") != std::string::npos);
  CHECK(typist.cursor().column == 0);
}

TEST_CASE("Ctrl-D on an empty line is the end, on half a line it is not") {
  Typist typist;
  typist.type("x\x04", [&] { return typist.line() == "当下>>> x"; });
  typist.type("\x15\x04", [&] { return typist.said() == "end\n"; });
  CHECK(typist.wait() == 0);
  CHECK(typist.cursor() == Position{2, 0});
}

TEST_CASE("no key hands over a line that nobody meant") {
  Typist typist;
  typist.type("a\x1b#b\r", [&] { return typist.said() == "line ab\n"; });
}

TEST_CASE("the user's inputrc goes before our keys") {
  Typist typist("$if md2client\n\"\\e\\C-m\": \"mine\"\n$endif\n$if other\n\"x\": \"wrong\"\n$endif\n");
  typist.type("x\x1b\r\r", [&] { return typist.said() == "line xmine\n"; });
}

TEST_CASE("lines of an earlier run come back with Up") {
  Typist typist;
  typist.type("first\rsecond\r", [&] { return typist.said() == "line first\nline second\n"; });
  typist.type("\x1b[A\x1b[A\r", [&] { return typist.said().ends_with("line first\n"); });
}

TEST_CASE("a terminal that goes away is the end, and half a line is in the line history") {
  Typist typist;
  typist.type("half 写", [&] { return typist.line() == "当下>>> half 写"; });
  typist.hang_up();
  CHECK(typist.wait() == 0);
  CHECK(read_file(typist.history()).ends_with("\nhalf 写\n"));
}
