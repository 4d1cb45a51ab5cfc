#include "server/diary/bearer.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "tests/server/diary/diary_fixture.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

struct BearerFixture : DiaryFixture {
  std::string aside = folder.path("aside");

  std::string failure_of(const std::string& encoded) {
    diary->add(encoded);
    const Commit commit = diary->commit();
    CHECK(commit.state == Commit::State::failed);
    return commit.reason;
  }
};

}  // namespace

TEST_CASE_FIXTURE(BearerFixture,
                  "while a folder or a pipe bears the diary's name, writers are told, and then it goes on") {
  const std::pair<const char*, std::function<void()>> obstacles[] = {
      {"a folder", [this] { std::filesystem::create_directory(file); }},
      {"a pipe", [this] { CHECK(mkfifo(file.c_str(), 0600) == 0); }},
      {"a link to a folder", [this] { std::filesystem::create_symlink(folder.path(), file); }},
      {"a link to itself", [this] { std::filesystem::create_symlink(file, file); }},
  };
  for (const auto& [name, make] : obstacles) {
    const std::string what = name;
    CAPTURE(what);
    for (const bool same : {true, false}) {
      CAPTURE(same);
      open(entry(0));
      CHECK(append(entry(1)).saved());
      std::filesystem::rename(file, aside);
      make();
      CHECK(diary->check_for_changes() == Diary::Change::none);
      CHECK(diary->has_room());
      CHECK(failure_of(entry(2)).find(file) != std::string::npos);
      CHECK(read_all() == entries(0, 2));
      append_by_hand(aside, entry(3));  // that is the diary, until there is another one
      for (int looks = 0; looks < 3; ++looks) {
        clock.steady_now += 1s;
        CHECK(diary->check_for_changes() == Diary::Change::none);
        CHECK(diary->check_for_changes() == (looks == 0 ? Diary::Change::added : Diary::Change::none));
        CHECK(diary->next_look() == clock.steady_now + 1s);
      }
      CHECK(read_all() == entries(0, 2) + entry(3));
      REQUIRE(reports.size() == 2);
      CHECK(reports[0].find("nothing is written until there is a file again") != std::string::npos);

      std::filesystem::remove(file);
      if (same) {
        std::filesystem::rename(aside, file);
      } else {
        write_file(file, entry(0));
      }
      clock.steady_now += 1s;
      CHECK(changed() == !same);
      while (diary->next_look() == clock.steady_now) diary->check_for_changes();
      CHECK(append(entry(2)).saved());
      CHECK(contents() == (same ? entries(0, 2) + entry(3) : entry(0)) + entry(2));
      CHECK(kept("missing").empty() == same);
      if (!same) std::filesystem::remove(kept("missing"));
      std::filesystem::remove(aside);
    }
  }
}

TEST_CASE_FIXTURE(BearerFixture, "a diary whose folder is gone takes nothing until the folder is there again") {
  std::filesystem::create_directory(folder.path("lost"));
  file = folder.path("lost/diary");
  open(entry(0));
  CHECK(append(entry(1)).saved());
  std::filesystem::rename(folder.path("lost"), aside);
  CHECK_FALSE(changed());
  CHECK(diary->waits_for_name());
  clock.steady_now += 2s;
  CHECK_FALSE(changed());
  CHECK_FALSE(diary->waits_for_name());
  CHECK(failure_of(entry(2)).find("No such file or directory") != std::string::npos);
  std::filesystem::rename(aside, folder.path("lost"));
  CHECK_FALSE(changed());
  CHECK(append(entry(2)).saved());
  CHECK(contents() == entries(0, 3));
}

TEST_CASE_FIXTURE(BearerFixture,
                  "a file in the diary's place that can't be synced ends the server: no second sync would tell") {
  open(entry(0));
  replace_by_hand(file, entries(0, 2));
  disk.fsync_error = EIO;
  CHECK_THROWS_WITH_AS(diary->check_for_changes(), ("cannot sync diary '" + file + "': Input/output error").c_str(),
                       Broken);
}
