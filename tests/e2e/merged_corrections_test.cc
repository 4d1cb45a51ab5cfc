// Corrections of several devices, of imports and by hand, where they meet: each diary shows the same.
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/diary/entry.h"
#include "tests/support/corrected.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("two devices correct one entry without a server and come back in either order: the same view, both inks") {
  for (const bool other_way : {false, true}) {
    CAPTURE(other_way);
    Corrected diary;
    const std::string before = read_file(diary.sandbox.diary());
    const Sandbox devices[2];
    std::unique_ptr<Screen> screens[2];
    for (int i = 0; i < 2; ++i) {
      std::filesystem::create_directories(std::filesystem::path(diary.key_file(devices[i])).parent_path());
      std::filesystem::copy_file(diary.sandbox.keys(), diary.key_file(devices[i]));
      screens[i] =
          std::make_unique<Screen>(devices[i], Command{binary("md2client"), "-s", diary.server.address_text()});
      screens[i]->wait_for("three");
    }
    diary.server.kill();
    for (int i = 0; i < 2; ++i) {  // one after the other: the second is later
      screens[i]->wait_for("the server is gone");
      screens[i]->enter("/edit");
      screens[i]->wait_for([&] { return screens[i]->line().ends_with(">>> three"); }, "three in the line");
      screens[i]->type(" by " + std::to_string(i) + "\r");
      screens[i]->wait_for_end({"当下(1)>>>"}, prompt_width + 3);
      screens[i]->enter("quit");
      CHECK(screens[i]->wait() == 75);
    }
    diary.server.start();
    for (const int i : {other_way ? 1 : 0, other_way ? 0 : 1})
      run(devices[i], {binary("md2client"), "-s", diary.server.address_text(), "write", "back"});
    const std::string file = read_file(diary.sandbox.diary());
    CHECK(file.starts_with(before));
    CHECK(file.find("] three by 0\n") != std::string::npos);
    CHECK(file.find("] three by 1\n") != std::string::npos);
    CHECK(diary.seen({"three"}) == "three by 1* ");
  }
}

TEST_CASE("JSON of a corrected diary is imported into the same one, one that lacks the correction and an empty one") {
  Corrected diary;
  ServedDiary lacks(read_file(diary.sandbox.diary()).substr(std::string(first_line).size()));
  ServedDiary empty("");
  diary.edit("sed -i s/two/zwei/ \"$1\"", {"two"});
  const std::string json = run(diary.sandbox, diary.client({"read", "--json", "-从前"})).output;
  CHECK(run(diary.sandbox, diary.client({"import"}), json).output.starts_with("0 imported, 3 already in the diary"));
  CHECK(run(lacks.sandbox, lacks.client({"import"}), json).output.starts_with("1 imported, 2 already in the diary"));
  CHECK(run(lacks.sandbox, lacks.client({"read", "--json"})).output == json);
  CHECK(run(empty.sandbox, empty.client({"import"}), json).output.starts_with("3 imported"));
  CHECK(run(empty.sandbox, empty.client({"import"}), json).output.starts_with("0 imported"));
  diary.md2client({"delete", "--yes", "one"});
  const std::string ink = run(diary.sandbox, diary.client({"read", "--json", "--all", "-从前"})).output;
  ServedDiary copy("");
  CHECK(run(copy.sandbox, copy.client({"import"}), ink).output.starts_with("5 imported"));
  CHECK(read_file(copy.sandbox.diary()) == read_file(diary.sandbox.diary()).substr(std::string(first_line).size()));
}

TEST_CASE("a correction by hand that names two entries by their time corrects neither, wherever it stands") {
  const std::string ink = entry(9, "~[" + to_string(*parse_header(entry(1))) + "] by hand");
  ServedDiary two(entry(1, "one") + entry(1, "other") + ink);
  const std::string seen = run(two.sandbox, two.client({"read", "--json"})).output;
  CHECK(seen.find("\"text\":\"one\"") != seen.npos);
  CHECK(seen.find("\"text\":\"other\"") != seen.npos);
  CHECK(seen.find("\"corrected\"") == seen.npos);
  ServedDiary one(entry(1, "one") + ink);
  CHECK(run(one.sandbox, one.client({"read", "--json"})).output.find("\"text\":\"by hand\"") != std::string::npos);
}

TEST_CASE("an import of a read into an empty diary shows what the first one shows") {
  Corrected diary;
  diary.edit("sed -i s/two/zwei/ \"$1\"", {"two"});
  diary.edit("sed -i s/zwei/deux/ \"$1\"", {"zwei"});
  diary.md2client({"delete", "--yes", "one"});
  diary.md2client({"write", "~[2015-10-28 21:26:03.417293+08:00] typed"});
  const std::string backup = run(diary.sandbox, diary.client({"read"})).output;
  CHECK(backup == read_file(diary.sandbox.diary()));
  ServedDiary second("");
  run(second.sandbox, second.client({"import"}), backup.substr(std::string(first_line).size()));
  const auto page = [](const ServedDiary& one) {
    return run(one.sandbox, one.client({"read", "--json", "-从前"})).output;
  };
  CHECK(page(second) == page(diary));
  CHECK(run(second.sandbox, second.client({"read"})).output == backup.substr(std::string(first_line).size()));
}
