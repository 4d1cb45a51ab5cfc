// The prompt when the window changes its size: under tmux, which reflows what is shown, and under libvterm, which does
// not.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "common/os/version.h"
#include "common/text/cluster.h"
#include "tests/e2e/screens/session.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"
#include "tests/support/tmux.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The screen in a window of these columns: what was printed flows anew, then the prompt with the line.
Rows flown(const Rows& printed, const std::string& line, int columns, Position* cursor = nullptr) {
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
  const Rows rows = flown(printed, line, columns, &cursor);
  tmux.wait_for(
      [&] { return tmux.rows() == rows && tmux.cursor() == cursor; },
      fmt::format("the cursor in row {}, column {} of\n| {}\n", cursor.row, cursor.column, fmt::join(rows, "\n| ")));
}

constexpr auto ill_reflown = "this tmux itself parts rows with wide characters too early when it reflows them";

}  // namespace

TEST_CASE("in a terminal that reflows, narrower and wider: no row is lost, none is left over") {
  if (!tmux_reflows_wide_characters()) return skip(ill_reflown);
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

TEST_CASE("a line is not drawn for a size that the window had on its way to another") {
  if (!tmux_reflows_wide_characters()) return skip(ill_reflown);
  ServedDiary served;
  Tmux tmux(served.sandbox, served.client(), 24, 80);
  tmux.wait_for_end({"从前", "", "当下>>>"}, prompt_width);
  const std::string line = repeated("word ", 30) + ".";
  tmux.type(line);
  wait_for_layout(tmux, banner(), line, 80);
  // tmux tells the second a quarter of a second after the first. When this machine takes as long for the two commands
  // that they are two changes of the size, they are sent once more, but not for ever.
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto begin = std::chrono::steady_clock::now();
    tmux.resize_often({{24, 60}, {24, 31}});
    const bool quick = std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(150);
    tmux.wait_for([&] { return tmux.written().find("\x1b[?2026l") != std::string::npos; }, "the line to be drawn");
    wait_for_layout(tmux, banner(), line, 31);
    const std::string from_cursor_in_60_columns = "\x1b[2A";
    CHECK((!quick || tmux.written().find(from_cursor_in_60_columns) == std::string::npos));
    if (quick) return;
    tmux.resize(24, 80);
  }
}

TEST_CASE("in a terminal that reflows, full rows, tabs and a search's prompt are counted as the terminal counts them") {
  if (!tmux_reflows_wide_characters()) return skip(ill_reflown);
  struct Resized {
    std::string keys;
    std::string prefix;
    std::string line;
    int columns;
  };
  const std::string full(52, 'a');  // 60 columns with the prompt
  const std::string prompt = "当下>>> ";
  for (const Resized& it : std::vector<Resized>{
           {full, prompt, full, 80},
           {full, prompt, full, 40},
           {full + "\x1b\rb", prompt, full + "\nb", 80},
           {full + "\x1b\rb", prompt, full + "\nb", 40},
           {"\x1b[200~\t\t\t\t\t\t\tz\x1b[201~", prompt, "\t\t\t\t\t\t\tz", 63},
           {"x" + repeated("字", 35), prompt, "x" + repeated("字", 35), 40},
           {"x" + repeated("字", 26), prompt, "x" + repeated("字", 26), 62},
           {"今天\x12", "(reverse-i-search)`': ", "今天", 21},
           {"abc", prompt, "abc", 7},
       }) {
    CAPTURE(it.line);
    CAPTURE(it.columns);
    ServedDiary served;
    Tmux tmux(served.sandbox, served.client(), 24, 60);
    tmux.wait_for_end({"从前", "", "当下>>>"}, prompt_width);
    tmux.type(it.keys);
    const auto wait = [&](int columns, const Rows& printed) {
      LaidOut want = laid_out(it.prefix, it.line, it.line.size(), columns);
      Rows rows;
      for (const std::string& row : printed) {
        LaidOut row_flown = laid_out("", row, 0, columns);
        if (row_flown.ends_fresh) row_flown.rows.pop_back();
        rows.insert(rows.end(), row_flown.rows.begin(), row_flown.rows.end());
      }
      want.cursor.row += static_cast<int>(rows.size());
      rows.insert(rows.end(), want.rows.begin(), want.rows.end());
      while (!rows.empty() && rows.back().empty()) rows.pop_back();
      tmux.wait_for([&] { return tmux.rows() == rows && tmux.cursor() == want.cursor; },
                    fmt::format("the cursor in row {}, column {} of\n| {}\n", want.cursor.row, want.cursor.column,
                                fmt::join(rows, "\n| ")));
    };
    Rows printed = banner();
    wait(60, printed);
    tmux.resize(24, it.columns);
    wait(it.columns, printed);
    const auto announce = [&](int columns) {
      served.announce("第一次");
      printed.emplace_back("*** 第一次");
      wait(columns, printed);
    };
    if (it.columns > 20) announce(it.columns);  // a narrower one has messages of another shape
    tmux.resize(24, 60);
    wait(60, printed);
    if (it.columns <= 20) announce(60);
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
    Rows rows = flown({}, line, columns, &cursor);
    screen.wait_for_end(rows, cursor.column);
    served.announce("第一次");
    rows.insert(rows.begin(), "*** 第一次");
    screen.wait_for_end(rows, cursor.column);
  }
  screen.resize(10, 80);
  screen.wait_for_end(flown({}, line, 80), 79);
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

TEST_CASE("a line with joined emoji of two or more rows is edited where the terminal shows it") {
  struct Edited {
    std::string line;
    Rows rows;  // behind C-a and X
    Rows end;   // behind C-e and Y
    int column;
  };
  const std::string prompt = "当下>>> ";
  std::vector<Edited> cases;
  for (const std::string emoji : {"👩\u200d💻", "👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "❤\ufe0f\u200d🔥"}) {
    const int left = 50 - 9 - static_cast<int>(columns_of_line(emoji));
    const Rows rows{fmt::format("{}X{}{}", prompt, emoji, repeated("a", left)), repeated("a", 45 - left)};
    cases.push_back({emoji + repeated("a", 45), rows, {rows[0], rows[1] + "Y"}, 46 - left});
  }
  for (int count = 37; count <= 42; ++count) {
    const std::string emoji = "👨\u200d👩\u200d👧";
    const int above = std::min(count, 41);
    const Rows rows{prompt + "X" + repeated("a", above), repeated("a", count - above) + emoji + " end"};
    cases.push_back({repeated("a", count) + emoji + " end", rows, {rows[0], rows[1] + "Y"}, count - above + 7});
  }
  for (const Edited& it : cases) {
    CAPTURE(it.line);
    ServedDiary served;
    Tmux tmux(served.sandbox, served.client(), 24, 50);
    tmux.wait_for_end({"从前", "", "当下>>>"}, prompt_width);
    tmux.type(it.line);
    tmux.type("\x01X");
    const auto shows = [&](const Rows& end, std::size_t row, int column) {
      return tmux.rows().size() >= end.size() && std::equal(end.rbegin(), end.rend(), tmux.rows().rbegin()) &&
             tmux.cursor() == Position{static_cast<int>(tmux.rows().size() - end.size() + row), column};
    };
    tmux.wait_for([&] { return shows(it.rows, 0, 9); }, fmt::format("X before\n| {}\n", fmt::join(it.rows, "\n| ")));
    tmux.type("\x05Y");
    tmux.wait_for([&] { return shows(it.end, 1, it.column); },
                  fmt::format("Y behind\n| {}\n", fmt::join(it.end, "\n| ")));
  }
}

TEST_CASE("a message that comes during a resize is alone in its row") {
  ServedDiary served;
  Tmux tmux(served.sandbox, served.client(), 24, 25);
  tmux.wait_for_end({"从前", "", "当下>>>"}, prompt_width);
  tmux.type("\x0cmixed 中文 and English with a number of words that wraps");
  tmux.wait_for("wraps");
  const auto alone = [&](const std::string& message) {
    return std::count(tmux.rows().begin(), tmux.rows().end(), "*** " + message) == 1;
  };
  int number = 0;
  for (const int columns : {60, 40, 25, 60, 40}) {
    CAPTURE(columns);
    // tmux has put the line elsewhere, and tells the program later.
    const std::string message = fmt::format("m{}", ++number);
    tmux.resize_often({{24, columns}});
    served.announce(message);
    tmux.wait_for([&] { return alone(message); }, message + " alone in its row");
  }
}
