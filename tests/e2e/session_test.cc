// What a person does with the prompt in a day: commands, the line history, a server that goes and comes back.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/os/paths.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("commands are lines that are exactly one; a leading space makes an entry of anything") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  for (const char* line : {" r", " ?", " /2015", "hi there", "？ no", " quit", ""}) screen.enter(line);
  CHECK(wait_for_entries(served.sandbox, 6) == Rows{"r", "?", "/2015", "hi there", "？ no", "quit"});
  screen.enter("？");
  screen.wait_for("A paste, or Alt-Enter");
  screen.enter("hi");
  screen.wait_for(
      [&] { return screen.text().find("hi there", screen.text().rfind("diary history")) != std::string::npos; },
      "the diary once more");
  screen.enter("/-1");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  CHECK(read_file(served.sandbox.diary()).find("/-1") == std::string::npos);
}

TEST_CASE("the line history goes across runs, entries of several lines whole, and is for its owner only") {
  ServedDiary served;
  {
    Screen screen(served.sandbox, served.client());
    wait_for_prompt(screen);
    screen.type("多行");
    screen.alt_enter();
    screen.enter("第二行");
    screen.wait_for_end({"第二行", "当下>>>"}, prompt_width);
    screen.enter("#2024 a tag");
    screen.wait_for_end({"当下>>> #2024 a tag", "当下>>>"}, prompt_width);
    screen.enter("quit");
    CHECK(screen.wait() == 0);
  }
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> quit"}, prompt_width + 4);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> #2024 a tag"}, prompt_width + 11);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> 多行", "第二行"}, 6);
  struct stat status = {};
  REQUIRE(stat((served.sandbox.state() + "/history").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a line history that can't be kept is told once, and entries are kept all the same") {
  ServedDiary served;
  make_folders(served.sandbox.state() + "/history");  // a folder where the file should be
  Screen screen(served.sandbox, served.client());
  screen.wait_for("cannot open line history '" + served.sandbox.state() + "/history'");
  wait_for_prompt(screen);
  screen.enter("one");
  screen.enter("two");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"one", "two"});
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  const std::string text = screen.text();
  CHECK(text.find("line history") == text.rfind("line history"));
}

TEST_CASE("the server goes and comes back: a line each, and nothing is missed on either side") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("half");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
  served.server.kill();
  screen.wait_for("the server is gone");
  screen.wait_for_end({"当下>>> half"}, prompt_width + 4);
  screen.enter(" a line");
  screen.wait_for_end({"当下>>> half a line", "当下(1)>>>"}, prompt_width + 3);  // one entry waits
  served.server.start();
  screen.wait_for("the server is back");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"half a line"});
  served.server.kill();
  screen.wait_for(
      [&] {
        return screen.text().find("the server is gone", screen.text().rfind("the server is back")) != std::string::npos;
      },
      "the second end");
  served.server.start();
  served.write("meanwhile");
  screen.wait_for("21:26  meanwhile");
  screen.wait_for_end({"当下>>>"}, prompt_width);
}

TEST_CASE("quitting with entries that are not saved says so, exits 75, and the next start brings them home") {
  ServedDiary served;
  {
    Screen screen(served.sandbox, served.client(), 24, 300);
    wait_for_prompt(screen);
    served.server.kill();
    screen.wait_for("the server is gone");
    screen.enter("kept");
    screen.wait_for_end({"当下(1)>>>"}, prompt_width + 3);
    screen.enter("quit");
    CHECK(screen.wait() == 75);
    CHECK(screen.text().find("1 entry is kept in " + served.sandbox.state()) != std::string::npos);
    CHECK(sane(screen.modes()));
  }
  served.server.start();
  Screen screen(served.sandbox, served.client());
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"kept"});
}

TEST_CASE("a long history streams while one types, and Ctrl-C stops it") {
  Sandbox sandbox;
  std::string diary;
  while (diary.size() < (sanitized() ? 30U : 100U) << 20)
    diary += "[2015-10-28 21:26:03.417293+08:00] " + repeated("日记", 100) + "\n\n";
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), diary);
  ServerProgram server(sandbox);
  Screen screen(sandbox, {binary("md2client"), "--server=" + server.address_text()});
  screen.wait_for("21:26  日记");
  screen.enter("written meanwhile");
  screen.wait_for([&] { return std::filesystem::file_size(sandbox.diary()) > diary.size(); }, "the entry to be saved");
  CHECK(read_file(sandbox.diary()).ends_with("] written meanwhile\n\n"));
  screen.control('C');
  screen.wait_for("stopped");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}

TEST_CASE("an entry of more than 1 MiB is refused with the reason, and stays in the line history") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.paste(std::string((1 << 20) + 1, 'x'));
  screen.enter("");
  screen.wait_for("1 more than the 1 MiB");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.press(VTERM_KEY_UP);
  screen.wait_for([&] { return screen.line().ends_with("xxx"); }, "the text");
  screen.type("\x7f\r");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  CHECK(wait_for_entries(served.sandbox, 1).at(0).size() == 1 << 20);
}

TEST_CASE("a client nobody types at sleeps until somebody does") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  wait_until_idle(screen.pid());
}
