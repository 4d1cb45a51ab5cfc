// Entries of another time, from the command line, a pipe and the prompt.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/diary/entry_reader.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `2015-10-28 21:26:00 TEXT` of each entry in the diary.
std::vector<std::string> dated_entries(const Sandbox& sandbox) {
  std::vector<std::string> entries;
  EntryReader reader;
  reader.feed(read_file(sandbox.diary()));
  reader.finish();
  while (const auto item = reader.next()) {
    if (item->time) entries.push_back(to_string(*item->time).substr(0, 19) + ' ' + std::string(item->text()));
  }
  return entries;
}

using Entries = std::vector<std::string>;

}  // namespace

TEST_CASE("write --at: an entry of that time, of words or of standard input; the same twice is two entries") {
  ServedDiary served;
  const Sandbox& sandbox = served.sandbox;
  CHECK(run(sandbox, served.client({"write", "--at=2015-10-28 21:26", "雨"})).status == 0);
  CHECK(run(sandbox, served.client({"write", "--at", "2015年10月28日 21:26:03"}), "21:30 雪\n").status == 0);
  CHECK(run(sandbox, served.client({"write", "--at=2015-10-28 21:26", "雨"})).status == 0);
  CHECK(dated_entries(sandbox) ==
        Entries{"2015-10-28 21:26:00 雨", "2015-10-28 21:26:03 21:30 雪", "2015-10-28 21:26:00 雨"});
}

TEST_CASE("write --at: what is no time is refused with the reason, and nothing is kept") {
  ServedDiary served;
  for (const std::string when : {"2015-02-30", "25:00", "9999-01-01", "上周", "then", ""}) {
    CAPTURE(when);
    const Result result = run(served.sandbox, served.client({"write", "--at=" + when, "雨"}));
    CHECK(result.status == 1);
    CHECK(result.error.starts_with("md2client: not kept: no entry can have the time '" + when + "': "));
    CHECK(count_lines(result.error) == 1);
  }
  CHECK(read_file(served.sandbox.diary()) == first_line);
}

TEST_CASE("piped: /at and /补 date the entry of their line, and what is wrong costs no other line") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client(),
                            "/at 2015-10-28 21:26 雨\n/补 2015/10/29　21:27　雪 20:00\n/at 雪\n/at 今天\n/at\n"
                            "/\"at\"\n");
  CHECK(result.status == 1);
  CHECK(dated_entries(served.sandbox) == Entries{"2015-10-28 21:26:00 雨", "2015-10-29 21:27:00 雪 20:00"});
  CHECK(result.error.find("not kept: no entry can have the time '雪': it is a day, a time or both") !=
        std::string::npos);
  CHECK(result.error.find("not kept: no text stands behind '今天'") != std::string::npos);
  CHECK(result.error.find("not kept: a time and a text are missing") != std::string::npos);
  CHECK(count_lines(result.error) == 4);  // and nothing was found
}

TEST_CASE("the prompt: /at writes for another time, and what was refused comes back with Up") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client(), 60, 120);
  wait_for_prompt(screen);
  screen.enter("/at 2015-10-28 21:26 雨");
  wait_for_entries(served.sandbox, 1);
  screen.enter("/补 2015-02-30 雪");
  screen.wait_for(
      "not kept: no entry can have the time '2015-02-30': the calendar has no such day; the text is in the");
  screen.type("\x1b[A");
  screen.wait_for_end({"当下>>> /补 2015-02-30 雪"}, prompt_width + 17);
  CHECK(dated_entries(served.sandbox) == Entries{"2015-10-28 21:26:00 雨"});
}
