// The harness itself: what it shows is what there is, and what does not come is a failure.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <filesystem>

#include "tests/support/browser.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/screen.h"
#include "tests/support/skip.h"
#include "tests/support/tmux.h"

using namespace md2::test;

namespace {

const Command shell{"bash", "--norc", "--noprofile", "-i"};

/// Waiting for what can't come is quick.
struct Impatient {
  ScopedVariable deadline{"MD2_TEST_DEADLINE", "0"};
};

}  // namespace

TEST_CASE("a program gets its input and gives its output and its status") {
  const Sandbox sandbox;
  const Result result = run(sandbox, {"sh", "-c", "cat; echo wrong >&2; exit 3"}, "今天\n");
  CHECK(result.status == 3);
  CHECK(result.output == "今天\n");
  CHECK(result.error == "wrong\n");
}

TEST_CASE("more than a pipe holds goes through a program") {
  const Sandbox sandbox;
  const std::string bytes(5 << 20, 'x');
  CHECK(run(sandbox, {"cat"}, bytes).output == bytes);
}

TEST_CASE("a program that did not end is shown with what its threads wait for") {
  const Sandbox sandbox;
  Program program(sandbox, {"cat"}, Program::Input::pipe);
  program.write("a\n");
  (void)program.expect("a\n");
  const Impatient impatient;
  CHECK_THROWS_WITH_AS(program.wait(), doctest::Contains("(cat"), Failure);
}

TEST_CASE("a program that a signal ends has 128 more than its number as status") {
  const Sandbox sandbox;
  Program program(sandbox, {"cat"}, Program::Input::pipe);
  program.write("a\n");
  CHECK(program.expect("a\n") == "a\n");
  program.signal(SIGTERM);
  CHECK(program.wait() == 128 + SIGTERM);
}

TEST_CASE("text that does not come is a failure that shows what came") {
  const Sandbox sandbox;
  Program ended(sandbox, {"echo", "something else"});
  CHECK_THROWS_WITH_AS(ended.expect("this"), doctest::Contains("something else"), Failure);
  Program waiting(sandbox, {"cat"}, Program::Input::pipe);
  const Impatient impatient;
  CHECK_THROWS_AS(waiting.expect("this"), Failure);
  CHECK_THROWS_AS(waiting.wait(), Failure);
}

TEST_CASE("a program sees the sandbox and nothing of the home of whoever runs the tests") {
  const Sandbox sandbox;
  CHECK(run(sandbox, {"sh", "-c", "echo $HOME:$XDG_DATA_HOME"}).output ==
        sandbox.path("home") + ":" + sandbox.path("data") + "\n");
}

TEST_CASE("nothing is left of a sandbox, not even a process that has left its parent") {
  std::string folder;
  {
    const Sandbox sandbox;
    folder = sandbox.folder();
    run(sandbox, {"sh", "-c",
                  "mkfifo f; setsid cat < f > /dev/null 2>&1 & exec 3<>f; setsid cat f >/dev/null & cat </dev/null"});
    CHECK_FALSE(sandbox.processes().empty());
  }
  CHECK(access(folder.c_str(), F_OK) != 0);
}

TEST_CASE("a file is awaited") {
  const Sandbox sandbox;
  const std::string path = sandbox.path("file");
  const Program writer(sandbox, {"sh", "-c", "printf one > file; printf two >> file"});
  CHECK(wait_for_file(path, [](const std::string& text) { return text == "onetwo"; }) == "onetwo");
  const Impatient impatient;
  CHECK_THROWS_WITH_AS(wait_for_file(path, [](const std::string&) { return false; }), doctest::Contains("onetwo"),
                       Failure);
}

TEST_CASE("the emulator shows wide characters, wrapped rows and the cursor") {
  Emulator emulator(3, 6);
  emulator.feed("今天好啊\r\nx");
  CHECK(emulator.rows() == std::vector<std::string>{"今天好", "啊", "x"});
  CHECK(emulator.cursor() == Position{2, 1});
  emulator.feed("\r\nend");
  CHECK(emulator.scrolled() == std::deque<std::string>{"今天好"});
  CHECK(emulator.text() == "今天好\n啊\nx\nend\n");
  CHECK_FALSE(emulator.paste_mode());
  emulator.feed("\x1b[?20");
  emulator.feed("04h");
  CHECK(emulator.paste_mode());
  emulator.feed("\x1b[?2004l");
  CHECK_FALSE(emulator.paste_mode());
}

TEST_CASE("the emulator knows the colours of a cell, and whether they are exchanged") {
  Emulator emulator(3, 6);
  emulator.feed("a\x1b[38;5;16;48;5;194mb\x1b[39;49m\x1b[7mc\x1b[27md");
  CHECK(emulator.look({0, 0}) == Emulator::Look{});
  CHECK(emulator.look({0, 1}) == Emulator::Look{194, 16, false});
  CHECK(emulator.look({0, 2}) == Emulator::Look{-1, -1, true});
  CHECK(emulator.look({0, 3}) == Emulator::Look{});
}

TEST_CASE("a shell on the screen: typing, keys, paste, resize, end") {
  Sandbox sandbox;
  sandbox.set("PS1", "sh>");
  Screen screen(sandbox, shell, 10, 40);
  screen.wait_for_end({"sh>"}, 3);
  screen.type("echo 今天");
  screen.wait_for_end({"sh>echo 今天"}, 12);
  screen.press(VTERM_KEY_LEFT);
  screen.wait_for_end({"sh>echo 今天"}, 10);
  screen.control('K');
  screen.control('U');
  screen.wait_for_end({"sh>"}, 3);
  screen.enter("echo one two");
  screen.wait_for_end({"one two", "sh>"}, 3);
  CHECK(screen.paste_mode());
  CHECK_FALSE(sane(screen.modes()));
  screen.paste("echo a\necho b");
  screen.wait_for_end({"sh>echo a", "echo b"}, 6);
  screen.resize(12, 30);
  screen.enter("");
  screen.wait_for("\nb\n");
  screen.enter("stty size");
  screen.wait_for("12 30\n");
  screen.enter("exit 7");
  CHECK(screen.wait() == 7);
  CHECK_FALSE(screen.paste_mode());
  CHECK(sane(screen.modes()));
}

TEST_CASE("what is not on the screen is a failure that shows the screen") {
  Sandbox sandbox;
  sandbox.set("PS1", "sh>");
  Screen screen(sandbox, shell);
  screen.wait_for("sh>");
  const Impatient impatient;
  CHECK_THROWS_WITH_AS(screen.wait_for("md2"), doctest::Contains("| sh>"), Failure);
}

TEST_CASE("a shell in tmux: typing, and long lines flow when the window is resized") {
  Sandbox sandbox;
  sandbox.set("PS1", "sh>");
  Tmux tmux(sandbox, shell, 10, 40);
  tmux.wait_for_end({"sh>"}, 3);
  tmux.enter("echo 12345678901234567890");
  tmux.wait_for_end({"12345678901234567890", "sh>"}, 3);
  tmux.resize(10, 15);
  tmux.wait_for_end({"123456789012345", "67890", "sh>"}, 3);
  tmux.type("今天");
  tmux.wait_for_end({"sh>今天"}, 7);
}

TEST_CASE("proof: what is skipped counts neither as passed nor as failed, and messages show words") {
  // Run by itself with a role, it is a test that can't run here.
  if (const char* const role = std::getenv("MD2_TEST_ROLE")) {
    CAPTURE(role);
    CHECK(std::string(role) != "one that fails first");
    return skip("there is no moon");
  }
  Sandbox sandbox;
  const Command self{std::filesystem::read_symlink("/proc/self/exe"), "-tc=proof: what is skipped*"};
  sandbox.set("MD2_TEST_ROLE", "one that can't run");
  CHECK(run(sandbox, self)
            .output.ends_with("\nskipped: proof: what is skipped counts neither as passed nor as failed, "
                              "and messages show words (there is no moon)\n"
                              "0 passed, 0 failed, 1 skipped\n"));
  sandbox.set("MD2_TEST_ROLE", "one that fails first");
  const std::string failed = run(sandbox, self).output;
  CHECK(failed.ends_with("\n0 passed, 1 failed, 0 skipped\n"));
  CHECK(failed.find("role := one that fails first") != std::string::npos);
}

TEST_CASE("a browser hears what a page fetches, what runs in it, and what its policy forbids") {
  if (!Browser::installed()) return skip("there is no chromium, or this is a sanitizer's build");
  const Sandbox sandbox;
  const std::string page = "<title>t</title><script>window.ran = 1</script><img src=\"http://127.0.0.1:1/pixel.png\">";
  write_file(sandbox.path("open.html"), page);
  write_file(sandbox.path("closed.html"),
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">" + page);
  Browser browser(sandbox);
  browser.open(sandbox.path("open.html"));
  CHECK(browser.evaluate("window.ran") == 1);
  CHECK(browser.requests().size() == 2);
  const std::size_t before = browser.complaints().size();
  browser.open(sandbox.path("closed.html"));
  CHECK(browser.evaluate("window.ran === undefined") == true);
  CHECK(browser.complaints().size() > before);
}
