#include "server/diary/watch.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

/// A diary that was looked at, and a clock that the test sets. Events stand in the kernel's queue before the call that
/// makes them has returned: nothing has to be waited for.
struct WatchFixture {
  TemporaryFolder folder;
  std::string path = folder.path("diary");
  Watch watch = begin(path);
  Watch::Time now{10s};

  WatchFixture() { settle(); }

  static Watch begin(const std::string& path) {
    write_file(path, "one\n");
    return Watch(path);
  }

  /// Looks until nothing is due.
  void settle() {
    take();
    for (int i = 0; watch.deadline(); ++i) {
      REQUIRE(i < 3);
      watch.looked(now);
      take();
    }
  }

  bool woken() { return wait_readable(watch.fd(), Deadline(0ms)); }

  /// True when the diary is to be looked at.
  bool take() {
    if (woken()) watch.take(now);
    return watch.due(now);
  }

  bool take_later(std::chrono::milliseconds wait) {
    now += wait;
    return take();
  }
};

}  // namespace

TEST_CASE_FIXTURE(WatchFixture, "a diary that others have written and closed is to be looked at, at once and once") {
  CHECK_FALSE(woken());
  append_by_hand(path, "two\n");
  CHECK(take());
  watch.looked(now);
  CHECK_FALSE(take_later(1h));
  write_file(path, "anew\n");
  CHECK(take());
  settle();
  CHECK_FALSE(watch.deadline());
}

TEST_CASE_FIXTURE(WatchFixture, "appends of one who keeps the file open wake nobody") {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  REQUIRE(write(file.get(), "own\n", 4) == 4);
  REQUIRE(fdatasync(file.get()) == 0);
  CHECK_FALSE(woken());
}

TEST_CASE_FIXTURE(WatchFixture, "what happens beside the diary is none of its news") {
  write_file(path + ".ring", "ring");
  write_file(path + ".lock", "");
  replace_by_hand(path + ".untold", "line\n");
  std::filesystem::remove(path + ".lock");
  CHECK_FALSE(take());
  CHECK_FALSE(watch.deadline());
}

TEST_CASE_FIXTURE(WatchFixture, "a file that takes the name is to be looked at at once, and is watched from then on") {
  replace_by_hand(path, "new\n");
  CHECK(take());
  watch.looked(now);
  CHECK(watch.due(now));  // it may have been changed before it was watched
  settle();
  // By its other name, of which only the file itself can tell.
  std::filesystem::create_directory(folder.path("else"));
  std::filesystem::create_hard_link(path, folder.path("else/where"));
  take_later(1h);
  settle();
  append_by_hand(folder.path("else/where"), "there\n");
  CHECK(take());
}

TEST_CASE_FIXTURE(WatchFixture, "the file that had the name is watched no longer") {
  std::filesystem::rename(path, path + "~");
  write_file(path, "new\n");
  CHECK(take());
  settle();
  append_by_hand(path + "~", "backup\n");
  CHECK_FALSE(take());
  CHECK_FALSE(watch.deadline());
}

TEST_CASE_FIXTURE(WatchFixture, "an editor that moves the diary away first has a moment to bring the new one") {
  std::filesystem::rename(path, path + "~");
  CHECK_FALSE(take());
  CHECK_FALSE(take_later(400ms));
  const UniqueFd made(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  CHECK_FALSE(take());
  SUBCASE("which it does") {
    write_file(path, "new\n");
    CHECK(take());
  }
  SUBCASE("or not") {
    CHECK(take_later(600ms));
  }
}

TEST_CASE_FIXTURE(WatchFixture,
                  "a diary that was removed is looked for after that moment, and its successor is watched") {
  std::filesystem::remove(path);
  CHECK_FALSE(take());
  CHECK(take_later(1s));
  write_file(path, "made by the server\n");
  settle();
  append_by_hand(path, "two\n");
  CHECK(take());
}

TEST_CASE_FIXTURE(WatchFixture, "a symbolic link is watched, and what it means") {
  const std::string link = folder.path("link");
  std::filesystem::create_directory(folder.path("other"));
  write_file(folder.path("other/diary"), "other\n");
  std::filesystem::create_symlink("diary", link);
  watch = Watch(link);
  settle();
  SUBCASE("the file") {
    append_by_hand(path, "two\n");
    CHECK(take());
  }
  SUBCASE("a new file in its place") {
    replace_by_hand(path, "new\n");
    CHECK(take());
  }
  SUBCASE("another target, and a new file in its place") {
    std::filesystem::create_symlink("other/diary", link + "~");
    std::filesystem::rename(link + "~", link);
    CHECK(take());
    settle();
    replace_by_hand(folder.path("other/diary"), "new\n");
    CHECK(take());
  }
}

TEST_CASE_FIXTURE(WatchFixture, "more events than the system keeps are one look") {
  for (int i = 0; i < 40000; ++i) {
    using enum std::filesystem::perms;
    std::filesystem::permissions(path, i % 2 == 0 ? owner_all : owner_read | owner_write);
    std::filesystem::permissions(folder.path(), owner_all);
  }
  take();
  CHECK(take_later(1s));
  settle();
  CHECK_FALSE(woken());
}
