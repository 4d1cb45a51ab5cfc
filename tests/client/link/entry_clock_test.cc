#include "client/link/entry_clock.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <vector>

#include "common/os/file.h"
#include "tests/support/child.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A clock that shows what it is told to.
struct SetClock : Clock {
  WallTime wall() override { return {micros, 480}; }
  Steady steady() override { return Steady(std::chrono::microseconds(ticks += 10'000)); }

  std::int64_t micros = 1'446'038'763'417'293;
  std::int64_t ticks = 0;
};

constexpr std::int64_t hour = std::int64_t{3600} * 1'000'000;

}  // namespace

TEST_CASE("a clock never gives one microsecond twice and never goes backwards while the machine's does not") {
  EntryClock clock;
  Timestamp last = clock.next();
  for (int i = 0; i < 10000; ++i) {
    const Timestamp next = clock.next();
    CAPTURE(i);
    REQUIRE(next.micros > last.micros);
    last = next;
  }
}

TEST_CASE("a clock that was ahead and is set back does not hold later entries in the future") {
  const TemporaryFolder folder;
  for (const std::string& file : {std::string(), folder.path("times")}) {
    CAPTURE(file);
    SetClock machine;
    EntryClock clock(file, machine);
    const std::int64_t right = machine.micros;
    machine.micros += 8 * hour;
    CHECK(clock.next() == Timestamp{right + 8 * hour, 480});
    machine.micros = right;
    CHECK(clock.next() == Timestamp{right, 480});
    machine.micros = right + 5;
    CHECK(clock.next() == Timestamp{right + 5, 480});
  }
}

TEST_CASE("before 1970 the time is the clock's as well") {
  SetClock machine;
  machine.micros = -86'400'000'000 * 365;
  EntryClock clock({}, machine);
  CHECK(clock.next().micros == machine.micros);
  CHECK(clock.next().micros == machine.micros + 1);
  machine.micros += 7;
  CHECK(clock.next().micros == machine.micros);
}

TEST_CASE("a microsecond that was given is shifted to the next one that was not, for every process that comes later") {
  const TemporaryFolder folder;
  SetClock machine;
  std::set<std::int64_t> given;
  for (int process = 0; process < 50; ++process) {
    EntryClock clock(folder.path("times"), machine);
    for (int i = 0; i < 20; ++i) {
      CAPTURE(process);
      REQUIRE(given.insert(clock.next().micros).second);
    }
  }
  CHECK(*given.begin() == machine.micros);
  CHECK(*given.rbegin() < machine.micros + 2000);  // what one had reserved and did not use is lost, and no more
  struct stat status = {};
  REQUIRE(stat(folder.path("times").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  machine.micros += hour;
  CHECK(EntryClock(folder.path("times"), machine).next().micros == machine.micros);
}

TEST_CASE("another time is given as it is asked for, once, and disturbs nothing of now") {
  const TemporaryFolder folder;
  for (const std::string& file : {std::string(), folder.path("times")}) {
    CAPTURE(file);
    SetClock machine;
    EntryClock clock(file, machine);
    const Timestamp then{machine.micros - 24 * hour, 420};
    CHECK(clock.next().micros == machine.micros);
    CHECK(clock.next_from(then) == then);
    CHECK(clock.next_from(then) == Timestamp{then.micros + 1, 420});
    CHECK(clock.next().micros == machine.micros + 1);
    if (!file.empty()) CHECK(EntryClock(file, machine).next_from(then).micros == then.micros + 2);
    // What is asked for may be the present, or what was reserved for it.
    for (int i = 2; i < 300; ++i) {
      const bool asked = i % 7 == 0;
      CAPTURE(i);
      REQUIRE((asked ? clock.next_from({machine.micros, 480}) : clock.next()).micros >= machine.micros + 2);
    }
    std::set<std::int64_t> given;
    for (int i = 0; i < 300; ++i) {
      REQUIRE(given.insert(clock.next_from({machine.micros, 480}).micros).second);
      REQUIRE(given.insert(clock.next().micros).second);
    }
  }
}

TEST_CASE("entries that come faster than microseconds are dated without a look at the file each time") {
  struct Counting : Disk {
    int flock(int fd, int operation) override { return ++locks, Disk::flock(fd, operation); }
    int locks = 0;
  } counting;
  const UseDisk use(counting);
  const TemporaryFolder folder;
  SetClock machine;
  EntryClock clock(folder.path("times"), machine);
  for (int i = 0; i < 10000; ++i) REQUIRE(clock.next().micros == machine.micros + i);
  CHECK(counting.locks < 25);  // 1, 2, 4 ... 512 and then 1,000 at a time
}

TEST_CASE("fifty processes at once never give one microsecond twice") {
  const TemporaryFolder folder;
  std::vector<pid_t> children;
  children.reserve(50);
  for (int child = 0; child < 50; ++child) {
    children.push_back(start_child([&] {
      struct Patient : SetClock {
        Steady steady() override { return {}; }  // the lock comes, however long others take
      } same;                                    // shows all of them the same time
      EntryClock clock(folder.path("times"), same);
      std::string mine;
      for (int i = 0; i < 40; ++i) mine += fmt::format("{}\n", clock.next().micros);
      write_file(folder.path(fmt::format("{}.given", child)), mine);
      return 0;
    }));
  }
  for (const pid_t child : children) {
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  std::set<std::string> given;
  std::istringstream all(read_files(folder.path(), ".given"));
  int count = 0;
  for (std::string line; std::getline(all, line); ++count) given.insert(line);
  CHECK(count == 2000);
  CHECK(given.size() == 2000);
}

TEST_CASE("a process killed at any system call gives no time that another gave, and keeps nobody waiting") {
  const TemporaryFolder folder;
  SetClock machine;
  std::set<std::int64_t> given;
  for (int n = 1;; ++n) {
    CAPTURE(n);
    const std::string used = folder.path("used");
    write_file(used, "");
    const Stopped stopped = kill_at_stop(n, [&] {
      EntryClock clock(folder.path("times"), machine);
      write_file(used, fmt::format("{}", clock.next().micros));
      return 0;
    });
    REQUIRE(stopped != Stopped::wrongly);
    if (const std::string time = read_file(used); !time.empty()) REQUIRE(given.insert(std::stoll(time)).second);
    REQUIRE(given.insert(EntryClock(folder.path("times"), machine).next().micros).second);
    if (stopped == Stopped::no) break;
  }
}

TEST_CASE("without a place for the times they are unique within the process, and nothing else is amiss") {
  SetClock machine;
  const auto gives_two = [&](const std::string& file) {
    EntryClock clock(file, machine);
    CHECK(clock.next().micros == machine.micros);
    CHECK(clock.next().micros == machine.micros + 1);
  };
  const TemporaryFolder folder;
  write_file(folder.path("file"), "");
  SUBCASE("a folder that can't be made") {
    gives_two(folder.path("file/times"));
  }
  SUBCASE("a folder in its place") {
    std::filesystem::create_directory(folder.path("times"));
    gives_two(folder.path("times"));
  }
  SUBCASE("a lock that nobody gives back") {
    const UniqueFd held = lock_file(folder.path("times"), Wait::yes);
    gives_two(folder.path("times"));
  }
  SUBCASE("a full disk") {
    struct Full : Disk {
      ssize_t write_at(int, std::uint64_t, std::string_view) override { return errno = ENOSPC, -1; }
    } full;
    const UseDisk use(full);
    gives_two(folder.path("times"));
  }
  SUBCASE("a file that makes no sense") {
    write_file(folder.path("times"), std::string(100'000, '\x7f'));
    gives_two(folder.path("times"));
    gives_two((machine.micros += hour, folder.path("times")));
  }
  SUBCASE("a file that was cut") {
    gives_two(folder.path("times"));
    std::filesystem::resize_file(folder.path("times"), 20);
    gives_two((machine.micros += hour, folder.path("times")));
  }
}
