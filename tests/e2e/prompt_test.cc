// The prompt as somebody in front of a terminal sees it.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/stat.h>

#include "common/os/paths.h"
#include "common/os/version.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"
#include "tests/support/untouched.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("the session of the front page: banner, history, prompt, entry, help, quit") {
  ServedDiary served;
  served.write("八荣八耻");
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.wait_for_end({"21:26  八荣八耻", "当下>>>"}, prompt_width);
  CHECK(screen.rows() == Rows{fmt::format("md2client {}", version()),
                              "*************** I'm diary history ***************", "从前", "", "2015-10-28 Wed",
                              "21:26  八荣八耻", "当下>>>"});
  screen.enter("今天把日记本搬到了网上");
  screen.wait_for_end({"当下>>> 今天把日记本搬到了网上", "当下>>>"}, prompt_width);
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"八荣八耻", "今天把日记本搬到了网上"});
  screen.enter("?");
  screen.wait_for("A paste, or Alt-Enter");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
  CHECK_FALSE(screen.paste_mode());
}

/// The line being typed: what stands before the cursor and behind it, and the keys that bring it there.
struct HalfTyped {
  const char* name;
  std::string before;
  std::string behind;
  std::string keys;
};

/// Where a terminal 80 columns wide puts the line when `above` rows stand above it.
struct Layout {
  Rows rows;
  Position cursor;

  Layout(const HalfTyped& line, int above) {
    const auto shown = [&](const std::string& text) {
      std::string bytes = repeated("\r\n", above) + "当下>>> ";
      for (const char c : text) bytes += c == '\n' ? std::string("\r\n") : std::string(1, c);
      return bytes;
    };
    Emulator whole(24, 80);
    whole.feed(shown(line.before + line.behind));
    rows = whole.rows();
    rows.erase(rows.begin(), rows.begin() + above);
    Emulator part(24, 80);
    part.feed(shown(line.before));
    cursor = part.cursor();
    // A terminal waits in the last column for what comes next; readline goes on to the next row.
    if (cursor.column == 79 && line.before.size() > 1) cursor = {cursor.row + 1, 0};
  }
};

void wait_for_line(Screen& screen, const HalfTyped& line, const Rows& above) {
  const Layout layout(line, static_cast<int>(above.size()));
  Rows rows = above;
  rows.insert(rows.end(), layout.rows.begin(), layout.rows.end());
  screen.wait_for([&] { return screen.rows() == rows && screen.cursor() == layout.cursor; },
                  fmt::format("the cursor in row {}, column {} of\n  {}\n", layout.cursor.row, layout.cursor.column,
                              fmt::join(rows, "\n  ")));
}

TEST_CASE("a message stands above the line, and the line and its cursor stay where they were") {
  ServedDiary served;
  const std::string left = "\x1b[D";
  for (const HalfTyped& line :
       {HalfTyped{"empty", "", "", ""}, HalfTyped{"half a line", "half a", "", ""},
        HalfTyped{"half a Chinese line", "今天写", "", ""},
        HalfTyped{"the cursor in the middle", "half a", " line", repeated(left, 5)},
        HalfTyped{"the cursor in the middle of Chinese", "今天写", "日记", repeated(left, 2)},
        HalfTyped{"the cursor at the beginning", "", "今天", "\x01"},
        HalfTyped{"wrapped over three rows", repeated("word ", 40), "", ""},
        HalfTyped{"wrapped Chinese", repeated("日记", 45) + "x", "", ""},
        HalfTyped{"Chinese that leaves a column free", "x" + repeated("日记", 45), "", ""},
        HalfTyped{"wrapped, the cursor in the first row", "", repeated("word ", 40) + ".", "\x01"},
        HalfTyped{"wrapped, the cursor in the middle row", repeated("字", 60), repeated("字", 40), repeated(left, 40)},
        HalfTyped{"exactly one row", std::string(72, 'x'), "", ""},
        HalfTyped{"several lines", "one\ntwo\nthree", "", ""},
        HalfTyped{"several lines, the cursor in the first", "", "one\ntwo\nthree", "\x01"}}) {
    CAPTURE(line.name);
    Screen screen(served.sandbox, served.client());
    wait_for_prompt(screen);
    Rows above = screen.rows();
    above.pop_back();
    for (const char c : line.before + line.behind) {
      if (c == '\n') {
        screen.alt_enter();
      } else {
        screen.type(std::string(1, c));
      }
    }
    screen.type(line.keys);
    wait_for_line(screen, line, above);
    for (const char* message : {"晚饭好了", "第二次"}) {
      served.announce(message);
      above.push_back(fmt::format("*** {}", message));
      wait_for_line(screen, line, above);
    }
    screen.type("+");  // where the cursor is
    wait_for_line(screen, {"", line.before + "+", line.behind, ""}, above);
    screen.control('C');
    screen.wait_for_end({"当下>>>"}, prompt_width);
    screen.enter("quit");
    CHECK(screen.wait() == 0);
  }
}

TEST_CASE("an entry of somebody else stands above the line, under its day, and one's own does not") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.enter("mine");
  wait_for_entries(served.sandbox, 1);
  screen.type("half");
  screen.wait_for_end({"当下>>> half"}, 12);
  Untouched line(screen);
  served.write("从别处来的\n第二行");
  line.wait_with({"2015-10-28 Wed", "21:26  从别处来的", "       第二行"});
  served.write("x");
  line.wait_with({"2015-10-28 Wed", "21:26  从别处来的", "       第二行", "21:26  x"});
}

TEST_CASE("what stands in the diary cannot command the terminal") {
  const Sandbox sandbox;
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), "old \x1b[2J\x1b]0;title\x07 line\n\n");
  ServerProgram server(sandbox);
  Screen screen(sandbox, {binary("md2client"), "--server=" + server.address_text()});
  screen.wait_for("old ^[[2J^[]0;title^G line\n");
}

TEST_CASE("a message in a search, behind a numeric argument or a prefix key leaves the state as it was") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.enter("abcdef");
  wait_for_entries(served.sandbox, 1);
  screen.control('R');
  screen.type("bcd");
  screen.wait_for([&] { return screen.line().find("`bcd': abcdef") != std::string::npos; }, "the search");
  {
    Untouched line(screen, screen.line().substr(0, 10));
    served.announce("in the search");
    line.wait_with({"*** in the search"});
  }
  screen.type("e");
  screen.wait_for([&] { return screen.line().find("`bcde': abcdef") != std::string::npos; }, "the search to go on");
  screen.control('G');
  screen.wait_for_end({"当下>>>"}, prompt_width);

  screen.type(
      "\x1b"
      "3");
  screen.wait_for([&] { return screen.line().starts_with("(arg: 3)"); }, "the numeric argument");
  {
    Untouched line(screen, "(arg: 3)");
    served.announce("behind a number");
    line.wait_with({"*** behind a number"});
  }
  screen.type("x");
  screen.wait_for_end({"当下>>> xxx"}, prompt_width + 3);

  screen.control('V');
  {
    Untouched line(screen);
    served.announce("behind C-v");
    line.wait_with({"*** behind C-v"});
  }
  screen.type("\x05");
  screen.wait_for_end({"当下>>> xxx^E"}, prompt_width + 5);
  screen.type("\x7f\x18");
  screen.wait_for_end({"当下>>> xxx"}, prompt_width + 3);
  {
    Untouched line(screen);
    served.announce("behind C-x");
    line.wait_with({"*** behind C-x"});
  }
  screen.control('U');  // C-x C-u: undo
  screen.wait_for_end({"当下>>> xxx^E"}, prompt_width + 5);
}

TEST_CASE("a paste of several lines is one entry, tabs and all, and a message waits for its end") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  REQUIRE(screen.paste_mode());
  screen.paste("第一行\n第二行\t表\nquit\n\n最后");
  screen.wait_for("最后");
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"第一行\n第二行\t表\nquit\n\n最后"});
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.type("\x1b[200~half");
  served.announce("meanwhile");
  screen.type(" whole\x1b[201~");
  screen.wait_for("*** meanwhile");
  screen.wait_for_end({"*** meanwhile", "当下>>> half whole"}, prompt_width + 10);
}

TEST_CASE("Alt-Enter begins a new line of the same entry") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("今天");
  screen.alt_enter();
  screen.type("[明天");
  screen.wait_for_end({"当下>>> 今天", "[明天"}, 5);
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"今天\n[明天"});
}

TEST_CASE("C-x C-e writes the entry in the editor") {
  ServedDiary served;
  const std::string editor = served.sandbox.path("editor");
  write_file(editor, "#!/bin/sh\nstat -c %a \"$1\" > \"$HOME/mode\"\nprintf '\\n第二行\\n' >> \"$1\"\n");
  REQUIRE(chmod(editor.c_str(), 0700) == 0);
  served.sandbox.set("EDITOR", editor);
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("第一行");
  screen.wait_for_end({"当下>>> 第一行"}, prompt_width + 6);
  screen.type("\x18\x05");
  screen.wait_for_end({"当下>>> 第一行", "第二行"}, 6);
  served.announce("after the editor");
  screen.wait_for_end({"*** after the editor", "当下>>> 第一行", "第二行"}, 6);
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"第一行\n第二行"});
  CHECK(read_file(served.sandbox.path("home/mode")) == "600\n");
}

TEST_CASE("Tab completes a command, and inserts nothing into an entry") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("qu\t");
  screen.wait_for("当下>>> quit");
  screen.enter("");
  CHECK(screen.wait() == 0);
}

TEST_CASE("Ctrl-C drops the line and keeps the program; Up then begins at the newest line") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  for (const char* line : {"one", "two"}) {
    screen.enter(line);
    screen.wait_for_end({fmt::format("当下>>> {}", line), "当下>>>"}, prompt_width);
  }
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"one", "two"});  // else Ctrl-C may stop the diary that still comes
  screen.press(VTERM_KEY_UP);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> one"}, prompt_width + 3);
  screen.control('C');
  screen.wait_for_end({"当下>>> one^C", "当下>>>"}, prompt_width);
  screen.press(VTERM_KEY_UP);
  screen.wait_for_end({"当下>>> two"}, prompt_width + 3);
  screen.control('C');
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("three");
  CHECK(wait_for_entries(served.sandbox, 3) == Rows{"one", "two", "three"});
}

TEST_CASE("Ctrl-D leaves at an empty line, and only there") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.type("ab\x01\x04");
  screen.wait_for_end({"当下>>> b"}, prompt_width);
  screen.control('D');
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.control('D');
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
}

TEST_CASE("Ctrl-Z and fg: the shell gets a sane terminal, and the line is back afterwards") {
  ServedDiary served;
  served.sandbox.set("PS1", "sh>");
  Screen screen(served.sandbox, {"bash", "--norc", "--noprofile", "-i"});
  screen.wait_for_end({"sh>"}, 3);
  screen.enter(fmt::format("{} --server={}", binary("md2client"), served.server.address_text()));
  wait_for_prompt(screen);
  screen.type("half 今天");
  screen.wait_for_end({"当下>>> half 今天"}, 17);
  screen.control('Z');
  screen.wait_for("Stopped");
  screen.wait_for([&] { return screen.line() == "sh>"; }, "the shell");
  screen.enter("stty -a | grep -o ' icanon.* echo '");
  screen.wait_for_end({"sh>"}, 3);
  screen.enter("fg");
  screen.wait_for_end({"当下>>> half 今天"}, 17);
  screen.type("+");
  screen.wait_for_end({"当下>>> half 今天+"}, 18);
  served.announce("after fg");
  screen.wait_for_end({"*** after fg", "当下>>> half 今天+"}, 18);
  screen.enter("");
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"half 今天+"});
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  screen.wait_for_end({"sh>"}, 3);
}

TEST_CASE("Chinese works under LANG=C, and everything under TERM=dumb or none") {
  ServedDiary served;
  std::size_t entries = 0;
  for (const auto& variable : {std::pair{"LANG", "C"}, std::pair{"TERM", "dumb"}, std::pair{"TERM", ""}}) {
    CAPTURE(variable.first);
    CAPTURE(variable.second);
    served.sandbox.set(variable.first, variable.second);
    Screen screen(served.sandbox, served.client());
    wait_for_prompt(screen);
    screen.type("今天x");
    screen.wait_for_end({"当下>>> 今天x"}, prompt_width + 5);
    screen.type("\x7f\x7f好");
    screen.wait_for_end({"当下>>> 今好"}, prompt_width + 4);
    served.announce("晚饭");
    screen.wait_for_end({"*** 晚饭", "当下>>> 今好"}, prompt_width + 4);
    screen.enter("");
    CHECK(wait_for_entries(served.sandbox, ++entries).back() == "今好");
    screen.enter("quit");
    CHECK(screen.wait() == 0);
    served.sandbox.set("LANG", "C.UTF-8");
  }
}

TEST_CASE("SIGTERM and SIGHUP leave a sane terminal, an empty outbox, and half a line in the line history") {
  ServedDiary served;
  std::size_t entries = 0;
  for (const int number : {SIGTERM, SIGHUP}) {
    CAPTURE(number);
    const std::string line = fmt::format("half {}", number);
    {
      Screen screen(served.sandbox, served.client());
      wait_for_prompt(screen);
      screen.type("an entry\r");
      wait_for_entries(served.sandbox, ++entries);
      screen.type("/nowhere\r");
      screen.wait_for("nothing found");  // so what was written before is answered for
      screen.type(line);
      screen.wait_for("当下>>> " + line);
      CHECK_FALSE(sane(screen.modes()));
      screen.signal(number);
      CHECK(screen.wait() == 128 + number);
      CHECK(sane(screen.modes()));
      CHECK_FALSE(screen.paste_mode());
      CHECK(screen.cursor().column == 0);
      for (const auto& file : std::filesystem::recursive_directory_iterator(served.sandbox.path("")))
        CHECK(file.path().extension() != ".outbox");  // the next client would send what is in it once more
    }
    Screen again(served.sandbox, served.client());
    wait_for_prompt(again);
    again.press(VTERM_KEY_UP);
    again.wait_for("当下>>> " + line);
  }
}
