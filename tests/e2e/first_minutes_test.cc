// What meets who runs md2client for the first time.
#include <doctest/doctest.h>

#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"

using namespace md2::test;

TEST_CASE("who tries a word to get help or to leave is told how, and has no such entry for ever") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client(), 24, 120);
  wait_for_prompt(screen);
  screen.enter("exit");
  screen.wait_for_end(
      {"当下>>> exit", "'exit' was not kept: ? helps, quit or Ctrl-D leaves; with a space in front it is an entry",
       "当下>>>"},
      prompt_width);
  screen.enter("帮助");
  screen.wait_for("'帮助' was not kept");
  screen.enter("/quit");
  screen.wait_for("'/quit' was not kept");
  screen.enter("/help");
  screen.wait_for("what can follow");
  screen.enter(" exit");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"exit"});
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}

TEST_CASE("a command that reads what is typed says how it ends") {
  ServedDiary served;
  for (const std::string command : {"write", "import"}) {
    CAPTURE(command);
    Screen screen(served.sandbox, served.client({command}), 24, 120);
    screen.wait_for("; Ctrl-D on an empty line ends it");
    screen.type(command + "\n\x04");
    CHECK(screen.wait() == 0);
  }
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"write", "import"});
}

TEST_CASE("a diary without an entry says what to do, once") {
  const Sandbox sandbox;
  const ServerProgram server(sandbox);
  const Command client{binary("md2client"), "-s", server.address_text()};
  {
    Screen screen(sandbox, client, 24, 120);
    screen.wait_for("nothing is written yet: type a line and press Enter, and it is kept; ? helps, quit leaves");
    screen.wait_for_end({"当下>>>"}, prompt_width);
    screen.enter("今天");
    screen.enter("quit");
    CHECK(screen.wait() == 0);
  }
  Screen screen(sandbox, client, 24, 120);
  screen.wait_for("今天");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  for (const std::string& row : screen.rows()) CHECK(row.find("nothing is written yet") == std::string::npos);
}

TEST_CASE(
    "where a file has but one name, as on a memory stick, a first start makes its keys and keeps what is written") {
  Sandbox sandbox;
  sandbox.set("ASAN_OPTIONS", "detect_leaks=0");  // its leak check can't run beside strace
  // -D: the child is the program itself, not strace; a processor without link(2) has linkat(2) alone.
  const Result result = run(sandbox, {"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=?link,linkat", "-e",
                                      "inject=?link,linkat:error=EPERM", binary("md2client"), "write", "one"});
  CHECK(result.status == 0);
  CHECK(wait_for_entries(sandbox, 1) == Rows{"one"});
  CHECK(read_file(sandbox.keys()).size() > 64);
}
