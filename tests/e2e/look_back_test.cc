// Tags, calendar and statistics, with real programs: on a terminal, in a pipe and at the prompt.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/diary/timestamp.h"
#include "tests/support/entries.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int shanghai = 480;  ///< minutes: the zone of a sandbox

/// Six entries of October and November 2015.
std::string some_diary() {
  std::string diary = first_line;
  diary += entry_on("2015-10-28", "今天开始写日记 #日记");
  for (int i = 0; i < 3; ++i) diary += entry_on("2015-10-29", fmt::format("第{}条 #日记 #to-do", i));
  diary += entry_on("2015-11-02", "work, work");
  diary += entry_on("2015-11-03", "散步");
  return diary;
}

/// Twelve months, one day in each.
std::string year_diary() {
  std::string diary = first_line;
  for (int month = 1; month <= 12; ++month) diary += entry_on(fmt::format("2015-{:02}-28", month), "x");
  return diary;
}

Result answer(const ServedDiary& served, const Command& command) {
  return run(served.sandbox, served.client(command));
}

/// What a terminal of that width shows of the command's answer, which fits on it.
std::vector<std::string> shown_columns(const ServedDiary& served, const Command& command, int columns) {
  Screen screen(served.sandbox, served.client(command), 60, columns);
  CHECK(screen.wait() == 0);
  return screen.rows();
}

/// Where the text stands on the screen.
Position find(const Screen& screen, const std::string& text) {
  const std::vector<std::string> rows = screen.rows();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t column = rows[row].find(text);
    if (column != std::string::npos) return {static_cast<int>(row), static_cast<int>(column)};
  }
  FAIL("'", text, "' is not on the screen");
  return {};
}

}  // namespace

TEST_CASE("tags, cal and stats answer a pipe without colours, of all or of what matches") {
  ServedDiary served(some_diary());
  CHECK(answer(served, {"tags"}).output == "4  #日记\n3  #to-do\n");
  CHECK(answer(served, {"tags", "2015-10-28"}).output == "1  #日记\n");
  const Result months = answer(served, {"cal", "2015"});
  CHECK(months.output.starts_with("        October 2015                 November 2015\n"));
  CHECK(months.output.find("28- 29#") != std::string::npos);
  CHECK(months.output.find('\x1b') == std::string::npos);
  CHECK(months.output.ends_with("entries a day:  - 1  # 3\n6 entries on 4 days\n"));
  const Result numbers = answer(served, {"stats"});
  CHECK(numbers.output.starts_with("entries   6 on 4 days, and 1 line without a time\n"));
  CHECK(numbers.output.find("in a row  none now; at most 2 days, from 2015-10-28 to 2015-10-29\n") !=
        std::string::npos);
  for (const Result& result : {months, numbers}) {
    CHECK(result.status == 0);
    CHECK(result.error == "");
  }
}

TEST_CASE("what begins with one hyphen belongs to the question behind tags, cal and stats") {
  ServedDiary served(some_diary());
  CHECK(answer(served, {"tags", "-to-do", "-1"}).output == "no tags\n");
  CHECK(answer(served, {"tags", "2015-10", "-第1条"}).output == "3  #日记\n2  #to-do\n");
  CHECK(answer(served, {"stats", "-work"}).output.starts_with("entries   5 on 3 days, and 1 line"));
  CHECK(answer(served, {"cal", "-1"}).output.ends_with("1 entry on 1 day\n"));
}

TEST_CASE("nothing found and a bad question are told as read tells them") {
  ServedDiary served(some_diary());
  for (const std::string command : {"tags", "cal", "stats"}) {
    CAPTURE(command);
    const Result nothing = answer(served, {command, "没有这个词"});
    CHECK(nothing.status == 0);
    CHECK(nothing.output == "");
    CHECK(nothing.error == "md2client: nothing found\n");
    const Result wrong = answer(served, {command, "2015-13"});
    CHECK(wrong.status == 1);
    CHECK(wrong.error.starts_with("md2client: cannot understand '2015-13' in the query"));
    CHECK(shown_columns(served, {command, "没有这个词"}, 80) == Rows{"nothing found"});
  }
}

TEST_CASE("what was corrected counts once and what was struck out not at all, in a command and at the prompt") {
  ServedDiary served(first_line + entry(0, "#old") + entry(1, "#gone") + correction(0, "#old", "#new 今天") +
                     correction(1, "#gone", ""));
  CHECK(answer(served, {"tags"}).output == "1  #new\n");
  CHECK(answer(served, {"stats"}).output.starts_with("entries   1 on 1 day, and 1 line without a time\n"));
  CHECK(answer(served, {"cal", "2015.."}).output.ends_with("\n1 entry on 1 day\n"));
  CHECK(answer(served, {"status"}).output.ends_with("entries   1 on 1 day, and 1 line without a time\n"));
  Screen screen(served.sandbox, served.client(), 40, 80);
  screen.wait_for("\n从前\n");
  screen.enter("/tags");
  screen.wait_for_end({"1  #new", "当下>>>"}, prompt_width);
}

TEST_CASE("without a server tags, cal and stats fail with the reason") {
  const Sandbox sandbox;
  for (const std::string command : {"tags", "cal", "stats"}) {
    const Result result = run(sandbox, {binary("md2client"), "--server=127.0.0.1:1", command});
    CHECK(result.status == 1);
    CHECK(result.error.find("127.0.0.1:1") != std::string::npos);
  }
}

TEST_CASE("piped lines ask for the same, and what was piped before them is in it") {
  ServedDiary served(some_diary());
  const Result result = run(served.sandbox, served.client(), "新的 #日记\n/tags\n/统计 散步\n/标签 #没有\n");
  CHECK(result.output.starts_with("5  #日记\n3  #to-do\nentries   1 on 1 day\n"));
  CHECK(result.error == "md2client: nothing found\n");
  CHECK(result.status == 0);
}

TEST_CASE("on a terminal the days of a month are shaded, and today is inverse") {
  const Timestamp time{now().micros, shanghai};
  ServedDiary served(some_diary() + encode({time, "今天"}));
  Screen screen(served.sandbox, served.client({"cal", "2015.."}), 60, 80);
  screen.wait_for("entries on 5 days");
  const Position october = find(screen, "October 2015");
  // Mo Tu We Th ..., and the 28th is a Wednesday of the fifth week.
  const int left = october.column - 4;
  const auto look_of = [&](int week, int weekday) { return screen.look({october.row + 1 + week, left + 3 * weekday}); };
  CHECK(look_of(5, 1) == Emulator::Look{});  // the 27th
  CHECK(look_of(5, 2).ground >= 0);
  CHECK(look_of(5, 3).ground >= 0);
  CHECK(look_of(5, 2).ground != look_of(5, 3).ground);
  CHECK(look_of(5, 2).letters != look_of(5, 2).ground);
  int inverse = 0;
  const auto rows = static_cast<int>(screen.rows().size());
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < 80; ++column) inverse += screen.look({row, column}).inverse ? 1 : 0;
  }
  CHECK(inverse == 2);  // columns of one day
}

TEST_CASE("at 40 columns a month stands alone, at 80 three side by side, and at 200 a year is one map") {
  ServedDiary served(year_diary());
  const auto count = [](const std::vector<std::string>& rows, const std::string& text) {
    return std::count_if(rows.begin(), rows.end(),
                         [&](const std::string& row) { return row.find(text) != std::string::npos; });
  };
  served.sandbox.set("PAGER", "cat");
  const auto narrow = shown_columns(served, {"cal", "2015-01..2015-06"}, 40);
  CHECK(count(narrow, "Mo Tu We Th Fr Sa Su") == 6);
  const auto middle = shown_columns(served, {"cal", "2015"}, 80);
  CHECK(count(middle, "Mo Tu We Th Fr Sa Su  Mo Tu We Th Fr Sa Su  Mo Tu We Th Fr Sa Su") == 4);
  CHECK(middle[0] == "    January 2015         February 2015           March 2015");
  const auto wide = shown_columns(served, {"cal", "2015"}, 200);
  CHECK(wide.size() == 12);
  CHECK(wide[0] == "2015");
  CHECK(wide[1].starts_with("   Jan     Feb"));
  CHECK(wide[2].starts_with("Mo   . . . . . . . ."));
  CHECK(wide[11] == "12 entries on 12 days");
}

TEST_CASE("with NO_COLOR the shades are signs on a terminal as well") {
  ServedDiary served(some_diary());
  served.sandbox.set("NO_COLOR", "1");
  const auto rows = shown_columns(served, {"cal", "2015-10"}, 80);
  CHECK(std::find(rows.begin(), rows.end(), " 26  27  28- 29#  30  31") == rows.end());
  CHECK(std::find(rows.begin(), rows.end(), " 26  27  28- 29# 30  31") != rows.end());
}

TEST_CASE("a list of tags that is longer than the screen goes through the pager") {
  std::string diary = first_line;
  for (int i = 0; i < 100; ++i) diary += entry_on("2015-10-28", fmt::format("#tag{:03}", i));
  ServedDiary served(diary);
  served.sandbox.set("PAGER", "tail -1");
  CHECK(shown_columns(served, {"tags"}, 80) == Rows{"1  #tag099"});
}

TEST_CASE("at the prompt the same stands above the line, and an answer ends with its count") {
  ServedDiary served(some_diary());
  Screen screen(served.sandbox, served.client(), 60, 80);
  wait_for_prompt(screen);
  screen.wait_for("散步\n");
  screen.enter("/标签");
  screen.wait_for_end({"当下>>> /标签", "4  #日记", "3  #to-do", "当下>>>"}, prompt_width);
  screen.enter("/stats 散步");
  screen.wait_for("entries   1 on 1 day\n");
  screen.enter("/cal 2015-10");
  screen.wait_for("4 entries on 2 days\n");
  screen.enter("/tags 没有这个词");
  screen.wait_for_end({"nothing found", "当下>>>"}, prompt_width);
  screen.enter("/2015-11");
  screen.wait_for_end({"21:26  work, work", "2015-11-03 Tue", "21:26  散步", "2 entries on 2 days", "当下>>>"},
                      prompt_width);
  screen.enter("/散步");
  screen.wait_for_end({"2015-11-03 Tue", "21:26  散步", "当下>>>"}, prompt_width);
  screen.control('d');
  CHECK(screen.wait() == 0);
}

TEST_CASE("read with a question ends with its count on a terminal, and nowhere else") {
  ServedDiary served(some_diary());
  CHECK(shown_columns(served, {"read", "2015-11"}, 80).back() == "2 entries on 2 days");
  CHECK(shown_columns(served, {"read", "散步"}, 80).back() == "21:26  散步");
  CHECK(shown_columns(served, {"read"}, 80).back() == "21:26  散步");
  CHECK(served.read({"2015-11"}).output.find("entries") == std::string::npos);
}
