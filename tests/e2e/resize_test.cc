// The prompt when the window changes its size: under tmux, which reflows what is shown, and under libvterm, which does
// not.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/os/version.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"
#include "tests/support/tmux.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The screen in a window of these columns: what was printed flows anew, then the prompt with the line.
Rows laid_out(const Rows& printed, const std::string& line, int columns, Position* cursor = nullptr) {
  Emulator emulator(24, columns);
  for (const std::string& row : printed) emulator.feed(row + "\r\n");
  emulator.feed("当下>>> " + line);
  if (cursor != nullptr) *cursor = emulator.cursor();
  return emulator.rows();
}

Rows banner() {
  return {fmt::format("md2client {}", version()), "*************** I'm diary history ***************", "从前", ""};
}

void wait_for_layout(Tmux& tmux, const Rows& printed, const std::string& line, int columns) {
  Position cursor;
  const Rows rows = laid_out(printed, line, columns, &cursor);
  tmux.wait_for(
      [&] { return tmux.rows() == rows && tmux.cursor() == cursor; },
      fmt::format("the cursor in row {}, column {} of\n| {}\n", cursor.row, cursor.column, fmt::join(rows, "\n| ")));
}

}  // namespace

TEST_CASE("in a terminal that reflows, narrower and wider: no row is lost, none is left over") {
  for (const std::string& line : {std::string(), std::string("half a line"), std::string("今天写日记"),
                                  repeated("word ", 30) + ".", repeated("日记", 40), "x" + repeated("字", 60)}) {
    CAPTURE(line);
    ServedDiary served;
    Rows printed = banner();
    Tmux tmux(served.sandbox, served.client(), 24, 80);
    tmux.wait_for_end({"从前", "", "当下>>>"}, prompt_width);
    tmux.type(line);
    wait_for_layout(tmux, printed, line, 80);
    int number = 0;
    // Not from 33 to 100: there tmux 3.3a itself, with the program stopped, loses the cursor of the line "x字字字...".
    for (const int columns : {61, 40, 79, 33, 80}) {
      CAPTURE(columns);
      tmux.resize(24, columns);
      wait_for_layout(tmux, printed, line, columns);
      const std::string message = fmt::format("第 {} 次", ++number);
      served.announce(message);
      printed.push_back("*** " + message);
      wait_for_layout(tmux, printed, line, columns);
    }
  }
}

TEST_CASE("in a terminal that cuts, a resized window shows the line whole and a message above it") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  const std::string line = repeated("word ", 30) + ".";
  screen.type(line);
  screen.wait_for([&] { return screen.line().ends_with("."); }, "the line");
  for (const int columns : {60, 100, 50, 80}) {
    CAPTURE(columns);
    screen.resize(24, columns);
    // What a terminal that does not reflow leaves above can't be known to the program: only the end counts.
    Position cursor;
    Rows rows = laid_out({}, line, columns, &cursor);
    screen.wait_for_end(rows, cursor.column);
    served.announce("第一次");
    rows.insert(rows.begin(), "*** 第一次");
    screen.wait_for_end(rows, cursor.column);
  }
  screen.resize(10, 80);
  screen.wait_for_end(laid_out({}, line, 80), 79);
}

TEST_CASE("a window that is resized while an answer is printed shows the prompt where the answer ends") {
  ServedDiary served;
  for (int i = 0; i < 50; ++i) served.write("今天 " + repeated("日记", 30));
  Screen screen(served.sandbox, served.client());
  screen.wait_for("21:26  今天");
  screen.resize(24, 40);
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}
