#include "server/diary/diary_lock.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>

#include <future>
#include <string>

#include "common/os/error.h"
#include "tests/support/child.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

struct DiaryLockFixture {
  TemporaryFolder folder;
  std::string diary = folder.path("diary");
  std::string file = diary + ".lock";

  std::string first_line() const {
    const std::string text = read_file(file);
    return text.substr(0, text.find('\n'));
  }
};

}  // namespace

TEST_CASE_FIXTURE(DiaryLockFixture,
                  "who takes the lock of a diary empties it first, and then says where it is served") {
  write_file(file, "192.0.2.1:50000\n");
  DiaryLock lock(diary);
  CHECK(first_line() == "");
  lock.serve_at("[::1]:1");
  CHECK(read_file(file) == "[::1]:1\n");
  CHECK_THROWS_WITH_AS(DiaryLock{diary}, ("diary '" + diary + "' is in use by another md2server").c_str(), Error);
  CHECK(first_line() == "[::1]:1");
  lock.serve_nowhere();
  CHECK(first_line() == "");
}

TEST_CASE_FIXTURE(DiaryLockFixture,
                  "a lock that is taken has a line at once, so that who looks knows that it will say where") {
  for (const char* const left : {"", "192.0.2.1:50000\n"}) {
    write_file(file, left);
    const DiaryLock lock(diary);
    CHECK(read_file(file).starts_with("\n"));
  }
}

TEST_CASE_FIXTURE(DiaryLockFixture, "who only looks whether the lock of a diary is held keeps no server away") {
  write_file(file, "");
  UniqueFd looker(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(flock(looker.get(), LOCK_SH | LOCK_NB) == 0);
  auto taken = std::async(std::launch::async, [this] { return DiaryLock(diary); });
  looker.reset();
  taken.get();
}

TEST_CASE_FIXTURE(DiaryLockFixture, "whenever a server is killed, its lock file names no half of an address") {
  for (int n = 1;; ++n) {
    CAPTURE(n);
    write_file(file, "192.0.2.1:50000\n");
    const Stopped stopped = kill_at_stop(n, [&] {
      DiaryLock lock(diary);
      lock.serve_at("127.0.0.1:5000");
      return 0;
    });
    REQUIRE(stopped != Stopped::wrongly);
    const std::string line = first_line();
    CHECK((line == "192.0.2.1:50000" || line.empty() || line == "127.0.0.1:5000"));
    if (stopped == Stopped::no) break;
  }
  CHECK(first_line() == "127.0.0.1:5000");
}
