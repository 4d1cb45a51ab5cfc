#include "server/diary/ring.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/os/error.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

struct RingFixture {
  TemporaryFolder folder;
  std::string path = folder.path("ring");

  static std::string noted(const Ring& ring) {
    std::string all;
    ring.each([&](const Ring::Note& note) { all += std::to_string(note.place) + ":" + std::string(note.bytes) + ";"; });
    return all;
  }
};

ino_t inode_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

/// As after a power cut.
struct OtherBoot : Disk {
  std::string boot_id() override { return "another"; }
};

/// The next `failures` syncs fail.
struct FailingSync : FakeDisk {
  int failures = 0;
  bool fails() {
    if (failures == 0) return false;
    --failures;
    errno = EIO;
    return true;
  }
  int fdatasync(int fd) override { return fails() ? -1 : FakeDisk::fdatasync(fd); }
  int fsync(int fd) override { return fails() ? -1 : FakeDisk::fsync(fd); }

  int write_at_error = 0;
  ssize_t write_at(int fd, std::uint64_t offset, std::string_view bytes) override {
    if (write_at_error == 0) return FakeDisk::write_at(fd, offset, bytes);
    errno = write_at_error;
    return -1;
  }

  std::function<void()> before_rename;
  int rename(Path from, Path to) override {
    if (before_rename) before_rename();
    return FakeDisk::rename(from, to);
  }
};

}  // namespace

TEST_CASE_FIXTURE(RingFixture, "what is noted is there for the next server, with its place") {
  {
    Ring ring(path);
    CHECK(noted(ring) == "");
    ring.note(10, "one");
    ring.note(13, "two");
    CHECK(noted(ring) == "10:one;13:two;");
  }
  Ring next(path);
  CHECK(noted(next) == "10:one;13:two;");
  next.note(16, "three");
  CHECK(noted(Ring(path)) == "10:one;13:two;16:three;");
  std::string storage;
  REQUIRE(next.last(storage));
  CHECK(next.last(storage)->bytes == "three");
  CHECK(next.last(storage)->this_boot);
}

TEST_CASE_FIXTURE(RingFixture, "a note of before a power cut says so") {
  Ring(path).note(0, "one");
  OtherBoot disk;
  const UseDisk use(disk);
  std::string storage;
  const Ring ring(path);
  REQUIRE(ring.last(storage));
  CHECK_FALSE(ring.last(storage)->this_boot);
}

TEST_CASE_FIXTURE(
    RingFixture, "the last mebibyte of the shortest entries and the longest batch are there, however many were noted") {
  Ring ring(path);
  std::uint64_t place = 0;
  const std::string shortest = entry(0, "x");
  const auto note = [&](const std::string& bytes) {
    ring.note(place, bytes);
    place += bytes.size();
  };
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < 40'000; ++i) note(shortest);
    note(std::string(std::size_t{2} << 20, static_cast<char>('a' + round)));
  }
  for (const bool again : {false, true}) {
    CAPTURE(again);
    const Ring other(path);
    const Ring& looked_at = again ? other : ring;
    std::uint64_t first = place;
    std::uint64_t next = 0;
    looked_at.each([&](const Ring::Note& one) {
      if (next == 0) first = one.place;
      CHECK((next == 0 || one.place == next));
      next = one.place + one.bytes.size();
    });
    CHECK(next == place);
    CHECK(place - first >= (std::size_t{3} << 20));
  }
}

TEST_CASE_FIXTURE(RingFixture, "what is forgotten stays so for the next server") {
  Ring ring(path);
  ring.note(0, "one");
  ring.note(3, "two");
  const std::uint64_t taken_back = ring.next_number();
  ring.note(6, "three");
  ring.note(11, "three again");
  ring.forget_from(taken_back);
  CHECK(noted(ring) == "0:one;3:two;");
  CHECK(noted(Ring(path)) == "0:one;3:two;");
  const std::uint64_t number = ring.next_number();
  ring.note(6, "four");
  ring.forget_before(number);
  CHECK(noted(ring) == "6:four;");
  CHECK(noted(Ring(path)) == "6:four;");
}

TEST_CASE_FIXTURE(RingFixture, "a note that is damaged is left out, and the others count") {
  Ring ring(path);
  ring.note(0, "one");
  ring.note(3, "two");
  ring.note(6, "three");
  std::string bytes = read_file(path);
  bytes[bytes.find("two")] = 'X';
  write_file(path, bytes);
  CHECK(noted(Ring(path)) == "0:one;6:three;");
}

TEST_CASE_FIXTURE(RingFixture, "what is said of all notes is not said of one that is damaged while the server runs") {
  Ring ring(path);
  ring.note(0, "one");
  ring.note(3, "two");
  const auto is = [](std::string_view bytes) { return [=](const Ring::Note& note) { return note.bytes == bytes; }; };
  CHECK_FALSE(ring.all(is("one")));
  std::string bytes = read_file(path);
  bytes[bytes.find("two")] = 'X';
  write_file(path, bytes);
  CHECK(ring.all(is("one")));
  CHECK_FALSE(ring.all(is("two")));
}

TEST_CASE_FIXTURE(RingFixture, "a text that looks like a note is none") {
  Ring ring(path);
  ring.note(0, "one");
  const std::string copy = read_file(path).substr(40, 59);
  ring.note(3, copy.substr(0, 8) + "x" + copy.substr(9));
  CHECK(noted(Ring(path)).starts_with("0:one;3:"));
}

TEST_CASE_FIXTURE(RingFixture, "without room there is no note, and with room there is") {
  FakeDisk disk;
  const UseDisk use(disk);
  Ring ring(path);
  disk.reserve_error = ENOSPC;
  CHECK_THROWS_AS(ring.note(0, "one"), Error);
  CHECK_THROWS_AS(ring.note(0, "one"), Error);
  disk.reserve_error = 0;
  ring.note(0, "one");
  CHECK(noted(Ring(path)) == "0:one;");
}

TEST_CASE_FIXTURE(RingFixture, "a file that is none of ours is made anew") {
  write_file(path, "not a ring");
  Ring ring(path);
  CHECK(noted(ring) == "");
  ring.note(0, "one");
  CHECK(noted(Ring(path)) == "0:one;");
}

TEST_CASE_FIXTURE(RingFixture, "without room for a new file the notes are written once more where they were") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  ring.take_up(100, "two");
  disk.failures = 1;
  disk.full_for = ".new";
  ring.sync();
  CHECK(noted(ring) == "0:one;100:two;");
  CHECK(noted(Ring(path)) == "0:one;100:two;");
}

TEST_CASE_FIXTURE(
    RingFixture,
    "after a failed sync the notes stand in a new file, after two where they were, and after three the next does it") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  ring.take_up(100, "two");
  const std::uint64_t next = ring.next_number();
  const UniqueFd before(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  disk.failures = 1;
  ring.sync();
  CHECK(noted(ring) == "0:one;100:two;");
  CHECK(noted(Ring(path)) == "0:one;100:two;");
  CHECK(ring.next_number() == next);
  struct stat old = {};
  REQUIRE(fstat(before.get(), &old) == 0);
  CHECK(old.st_nlink == 0);
  ring.note(200, "three");
  disk.failures = 2;
  ring.sync();
  CHECK(noted(ring) == "0:one;100:two;200:three;");
  CHECK(noted(Ring(path)) == "0:one;100:two;200:three;");
  ring.note(250, "and");
  disk.failures = 3;
  CHECK_THROWS_AS(ring.sync(), Error);
  CHECK(noted(ring) == "0:one;100:two;200:three;250:and;");
  const ino_t inode = inode_of(path);
  ring.note(300, "four");
  CHECK(inode_of(path) != inode);
  CHECK(noted(Ring(path)) == "0:one;100:two;200:three;250:and;300:four;");
  disk.failures = 3;
  CHECK_THROWS_AS(ring.sync(), Error);
  ring.sync();  // a sync that is only repeated would succeed
  CHECK(disk.failures == 0);
  CHECK(noted(Ring(path)) == "0:one;100:two;200:three;250:and;300:four;");
}

TEST_CASE_FIXTURE(RingFixture, "nothing is noted in a file that could not take the name") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  disk.failures = 1;
  CHECK_THROWS_AS(ring.note(0, "one"), Error);
  disk.full_for = ".new";
  CHECK_THROWS_AS(ring.note(0, "one"), Error);
  CHECK(noted(ring) == "");
  disk.full_for = "";
  ring.note(0, "one");
  CHECK(noted(Ring(path)) == "0:one;");
}

TEST_CASE_FIXTURE(RingFixture, "after a failed write the notes before it stay, and go to another file with the next") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  disk.write_at_error = EIO;
  CHECK_THROWS_AS(ring.note(3, "two"), Error);
  CHECK_THROWS_AS(ring.note(3, "two"), Error);
  CHECK(noted(ring) == "0:one;");
  disk.write_at_error = 0;
  const ino_t inode = inode_of(path);
  ring.note(3, "two");
  CHECK(inode_of(path) != inode);
  CHECK(noted(ring) == "0:one;3:two;");
  CHECK(noted(Ring(path)) == "0:one;3:two;");
}

TEST_CASE_FIXTURE(RingFixture, "a ring that lost its name takes no note until it has one again") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  std::filesystem::remove(path);
  disk.full_for = ".new";
  CHECK_THROWS_AS(ring.move_to(path), Error);
  CHECK_THROWS_AS(ring.note(3, "two"), Error);
  CHECK(noted(ring) == "0:one;");
  disk.full_for = "";
  ring.note(3, "two");
  CHECK(noted(Ring(path)) == "0:one;3:two;");
}

TEST_CASE_FIXTURE(RingFixture, "a new file takes the name of the ring when it holds the notes, and not before") {
  FailingSync disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  disk.failures = 1;
  int renamed = 0;
  disk.before_rename = [&] {
    ++renamed;
    CHECK(noted(Ring(path)) == "0:one;");
    CHECK(noted(Ring(path + ".new")) == "0:one;");
  };
  ring.sync();
  CHECK(renamed == 1);
}

TEST_CASE_FIXTURE(RingFixture, "a ring that could not move at once leaves nothing behind when it does") {
  FakeDisk disk;
  const UseDisk use(disk);
  Ring ring(path);
  ring.note(0, "one");
  const std::string there = folder.path("there");
  disk.full_for = ".new";
  for (int tries = 0; tries < 2; ++tries) CHECK_THROWS_AS(ring.move_to(there), Error);
  CHECK(noted(Ring(path)) == "0:one;");
  disk.full_for = "";
  ring.note(100, "two");
  CHECK(noted(Ring(there)) == "0:one;100:two;");
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(RingFixture, "a ring moves with its diary, and leaves nothing behind") {
  Ring ring(path);
  ring.note(0, "one");
  CHECK(ring.lies_at(path));
  std::filesystem::create_directory(folder.path("elsewhere"));
  const std::string there = folder.path("elsewhere/ring");
  CHECK_FALSE(ring.lies_at(there));
  ring.move_to(there);
  CHECK(ring.lies_at(there));
  CHECK_FALSE(std::filesystem::exists(path));
  ring.note(100, "two");
  CHECK(noted(Ring(there)) == "0:one;100:two;");
  std::filesystem::remove(there);
  CHECK_FALSE(ring.lies_at(there));
  ring.move_to(there);
  CHECK(noted(Ring(there)) == "0:one;100:two;");
}
