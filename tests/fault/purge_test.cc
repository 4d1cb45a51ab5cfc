// A purge is killed, or overtaken by the owner, between any two system calls.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "common/diary/correction.h"
#include "server/diary/diary.h"
#include "server/purge.h"
#include "tests/fault/sweep.h"
#include "tests/support/child.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string correction(int number, const std::string& text, int by, const std::string& newest) {
  return entry(by, correction_text({{{1'446'038'763'417'293 + number, 480}, name_hash(text)}, newest}));
}

struct Scenery {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  std::string missing = file + ".missing.2026-11-25T10.00.00";
  std::string before = entry(1, "tea") + entry(2, "s3cret") + entry(3, "snow") + correction(1, "tea", 4, "coffee") +
                       correction(2, "s3cret", 5, "");
  std::string after = entry(1, "coffee") + entry(3, "snow");

  Scenery() {
    Diary diary(file, [](const std::string&) {});
    for (const std::string& one : {entry(1, "tea"), entry(2, "s3cret"), entry(3, "snow"),
                                   correction(1, "tea", 4, "coffee"), correction(2, "s3cret", 5, "")}) {
      diary.add(one);
      diary.commit();
    }
    write_file(missing, entry(2, "s3cret") + entry(20, "other"));
  }

  int purge_it() const {
    try {
      purge(file);
      return 0;
    } catch (const std::exception&) {
      return 1;
    }
  }

  void check_nothing_is_left() const {
    CHECK(read_file(missing) == entry(20, "other"));
    for (const auto& item : std::filesystem::directory_iterator(folder.path())) {
      CAPTURE(item.path());
      const std::string bytes = read_file(item.path());
      CHECK(bytes.find("s3cret") == std::string::npos);
      CHECK(bytes.find("tea") == std::string::npos);
    }
  }
};

}  // namespace

TEST_CASE("a purge killed between any two system calls leaves the old diary or the new one, and the next one ends it") {
  bool was_old = false, was_new = false;
  const Hush hush;
  for (int n = 1;; n = next_point(n)) {
    CAPTURE(n);
    const Scenery scenery;
    REQUIRE(read_file(scenery.file) == scenery.before);
    const Stopped stopped = kill_at_stop(n, [&] { return scenery.purge_it(); });
    REQUIRE(stopped != Stopped::wrongly);
    const std::string diary = read_file(scenery.file);
    CHECK((diary == scenery.before || diary == scenery.after));
    was_old = was_old || diary == scenery.before;
    was_new = was_new || diary == scenery.after;
    {
      // A server that comes in between finds all that was saved.
      const Diary served(scenery.file, [](const std::string&) {});
      CHECK(read_file(scenery.file) == diary);
    }
    REQUIRE(scenery.purge_it() == 0);
    CHECK(read_file(scenery.file) == scenery.after);
    scenery.check_nothing_is_left();
    if (stopped == Stopped::no) break;
  }
  CHECK(was_old);
  CHECK(was_new);
}

TEST_CASE("what the owner appends between any two system calls of a purge is in the diary behind it") {
  const std::string added = entry(50, "by hand");
  const Hush hush;
  for (int n = 1;; n = next_point(n)) {
    CAPTURE(n);
    const Scenery scenery;
    const auto purge_it = [&] { return scenery.purge_it(); };
    const auto append = [&] { append_by_hand(scenery.file, added); };
    const Stopped stopped = overtake_at_stop(n, purge_it, append);
    REQUIRE(stopped != Stopped::wrongly);
    const std::string diary = read_file(scenery.file);
    const std::string there = stopped == Stopped::yes ? added : "";
    CHECK((diary == scenery.before + there || diary == scenery.after + there));
    if (stopped == Stopped::no) break;
  }
}
