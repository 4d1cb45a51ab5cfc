// C-x C-e: what becomes of a text that the user's editor has.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <string>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A diary whose writer has this shell script for an editor; $1 is the file.
class Edited : public ServedDiary {
 public:
  explicit Edited(const std::string& script) {
    write_file(sandbox.path("an_editor"), "#!/bin/sh\ncd '" + sandbox.folder() + "'\n" + script + "\n");
    chmod(sandbox.path("an_editor").c_str(), 0700);
    sandbox.set("VISUAL", sandbox.path("an_editor"));
  }
};

/// Types half a line and asks for the editor.
void edit(Screen& screen) {
  wait_for_prompt(screen);
  screen.type("half");
  screen.control('X');
  screen.control('E');
}

}  // namespace

TEST_CASE("an editor that comes back at once: the prompt asks whether it needs --wait, and the line is as it was") {
  Edited served("exit 0");
  Screen screen(served.sandbox, served.client(), 24, 300);
  edit(screen);
  screen.wait_for("does it need --wait? What it saves later is in '" + served.sandbox.state() + "/editing/entry-");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
}

TEST_CASE("a key that had nothing to do leaves no blank row where the terminal is given to an editor") {
  Edited served("exit 0");
  Screen screen(served.sandbox, served.client(), 24, 300);
  wait_for_prompt(screen);
  screen.type("\x1b.");  // M-. without a history
  edit(screen);
  screen.wait_for("does it need --wait?");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
  CAPTURE(screen.text());
  CHECK(screen.text().find("从前\n\nthe editor came back at once") != std::string::npos);  // an entry's own blank row
}

TEST_CASE("what the editor saved before it crashed comes back with Up") {
  Edited served("echo saved > \"$1\"; kill -KILL $$");
  Screen screen(served.sandbox, served.client(), 24, 300);
  edit(screen);
  screen.wait_for("and in the line history; the line is as it was");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
  screen.control('C');
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> saved"}, prompt_width + 5);
}

TEST_CASE("a prompt that is ended while the editor runs takes what it saved into the line history") {
  for (const int number : {SIGTERM, SIGHUP}) {
    for (const char* end : {"exit 0", "kill -HUP $$"}) {
      CAPTURE(number);
      CAPTURE(end);
      Edited served(std::string("echo saved > \"$1\"; echo > ready; read go < fifo; ") + end);
      REQUIRE(mkfifo(served.sandbox.path("fifo").c_str(), 0600) == 0);
      Screen screen(served.sandbox, served.client());
      edit(screen);
      wait_for_file(served.sandbox.path("ready"), [](const std::string& text) { return !text.empty(); });
      screen.signal(number);
      write_file(served.sandbox.path("fifo"), "go\n");
      CHECK(screen.wait() == 128 + number);
      Screen next(served.sandbox, served.client());
      wait_for_prompt(next);
      next.press(VTERM_KEY_UP);
      next.wait_for(
          [&] {
            return next.line().find("saved") != std::string::npos || next.line().find("half") != std::string::npos;
          },
          "a line");
      if (next.line().find("half") != std::string::npos) next.press(VTERM_KEY_UP);
      next.wait_for_end({"当下>>> saved"}, prompt_width + 5);
    }
  }
}
