// Reading the diary from the command line and completing its tags, with real programs.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "common/diary/entry.h"
#include "common/os/paths.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Entries of every shape that an entry can have, more than are imported in one go.
std::string diary_of_entries() {
  const std::vector<std::string> texts = {"八荣八耻",
                                          "a\n[b\n [c\n\n\nd",
                                          "  两个空格\n\t制表 #tag",
                                          "[2015-10-28] x",
                                          "\n[",
                                          std::string(70'000, 'x'),
                                          "\"引号\" \\ 反斜线",
                                          "emoji 👨‍👩‍👧 é \u2028",
                                          "#日记＃日记，＃to-do"};
  std::string diary;
  for (int i = 0; i < 6000; ++i) {
    const std::string& text = texts[static_cast<std::size_t>(i) % (i < 100 ? texts.size() : 2)];
    if (!entry_error(text).empty()) continue;
    // The same words again and again, the clock's offset changes, and time does not only go forwards.
    diary += encode({{1'446'038'763'417'293 + (i % 7 == 0 ? -i : i), i % 2 == 0 ? 480 : -210}, text});
  }
  return diary;
}

using nlohmann::json;

std::vector<json> read_lines(const std::string& output) {
  std::vector<json> objects;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    objects.push_back(json::parse(line));
    REQUIRE(objects.back().is_object());
  }
  return objects;
}

}  // namespace

TEST_CASE("a diary read into a file and imported into an empty one gives the same bytes") {
  const std::string diary = diary_of_entries();
  Sandbox here;
  make_folders(folder_of(here.diary()));
  write_file(here.diary(), diary);
  ServerProgram server(here);
  const std::string read = binary("md2client") + " --server=" + server.address_text() + " read > backup";
  CHECK(run(here, {"sh", "-c", read}).status == 0);
  const std::string backup = read_file(here.path("backup"));
  CHECK(backup == diary);

  Sandbox there;
  ServerProgram other(there);
  const Command import{binary("md2client"), "--server=" + other.address_text(), "import", here.path("backup")};
  const Result imported = run(there, import);
  CHECK(imported.status == 0);
  CHECK(imported.error == "");
  CHECK(read_file(there.diary()) == diary);
}

TEST_CASE("read --json gives the same entries, one object a line") {
  const std::string diary = diary_of_entries();
  Sandbox sandbox;
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), "从前\xff\n\n" + diary);
  ServerProgram server(sandbox);
  const Command read{binary("md2client"), "--server=" + server.address_text(), "read", "--json"};
  const Result result = run(sandbox, read);
  CHECK(result.status == 0);
  const std::vector<json> objects = read_lines(result.output);
  REQUIRE(!objects.empty());
  CHECK(objects[0].at("text") == "从前\uFFFD");
  CHECK_FALSE(objects[0].contains("time"));
  std::string rebuilt;
  for (std::size_t i = 1; i < objects.size(); ++i) {
    std::string time = objects[i].at("time").get<std::string>();
    REQUIRE(time.size() == timestamp_length);
    REQUIRE(time[10] == 'T');
    time[10] = ' ';
    const auto parsed = parse_timestamp(time);
    REQUIRE(parsed);
    rebuilt += encode({*parsed, objects[i].at("text").get<std::string>()});
  }
  CHECK(rebuilt == diary);
}

TEST_CASE("read --json takes a query, names each tag once, and says when nothing is found") {
  ServedDiary served;
  served.write("一 #晨 ＃晨");
  served.write("二 #to-do #晨");
  const std::vector<json> last = read_lines(run(served.sandbox, served.client({"read", "-1", "--json", "#晨"})).output);
  REQUIRE(last.size() == 1);
  CHECK(last[0].at("text") == "二 #to-do #晨");
  CHECK(last[0].at("tags") == json::array({"to-do", "晨"}));
  const std::vector<json> first = read_lines(run(served.sandbox, served.client({"read", "--json", "一"})).output);
  REQUIRE(first.size() == 1);
  CHECK(first[0].at("tags") == json::array({"晨"}));
  const Result nothing = run(served.sandbox, served.client({"read", "--json", "没有这个词"}));
  CHECK(nothing.output == "");
  CHECK(nothing.error == "md2client: nothing found\n");
  CHECK(nothing.status == 0);
  CHECK(run(served.sandbox, served.client({"read", "--", "\"--json\""})).error == "md2client: nothing found\n");
}

TEST_CASE("a long import shows on the terminal how far it has come, and only there") {
  ServedDiary served;
  const std::string import = binary("md2client") + " --server=" + served.server.address_text() + " import";
  // Enough to know the format, and from then on no more than is saved when Ctrl-C comes.
  const std::string entries =
      R"(awk 'BEGIN { for (;;) { printf "%0200d\n\n", 0; if (++n > 400) system("sleep 0.02") } }')";
  Screen screen(served.sandbox, {"sh", "-c", entries + " | " + import});
  screen.wait_for([&] { return screen.text().find("iB/s") != std::string::npos; }, "a rate");
  CHECK(screen.line().starts_with("read "));
  CHECK(screen.line().find(" entries, ") != std::string::npos);
  screen.control('c');
  screen.wait();
}

/// Readline puts a space behind what it has completed.
TEST_CASE("Tab completes a tag of the diary, one that arrives, and one written here") {
  ServedDiary served;
  served.write("写完了#日记本，睡觉");
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  screen.wait_for("睡觉");
  screen.type("今天#日记\t");
  screen.wait_for_end({"当下>>> 今天#日记本"}, prompt_width + 12);
  screen.enter(" #holiday");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.type("#ho\t");
  screen.wait_for_end({"当下>>> #holiday"}, prompt_width + 9);
  screen.control('u');
  served.write("#live_one");
  screen.wait_for("#live_one\n");
  screen.type("/#li\t");
  screen.wait_for_end({"当下>>> /#live_one"}, prompt_width + 11);
  screen.control('u');
}
