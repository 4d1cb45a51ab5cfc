#include "common/os/read_ahead.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <string>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr FileName name{"diary", "/x"};

struct CountingDisk : Disk {
  ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size) override {
    ++reads;
    bytes += size;
    return Disk::read(fd, offset, to, size);
  }
  int reads = 0;
  std::size_t bytes = 0;
};

struct ReadAheadFixture {
  TemporaryFolder folder;
  CountingDisk disk;
  UseDisk use{disk};
  ReadAhead window;

  UniqueFd file(const std::string& called, const std::string& contents) {
    write_file(folder.path(called), contents);
    return UniqueFd(::open(folder.path(called).c_str(), O_RDONLY | O_CLOEXEC));
  }
};

}  // namespace

TEST_CASE_FIXTURE(ReadAheadFixture, "pieces one behind another come from one read, a piece longer than that whole") {
  const UniqueFd fd = file("a", "0123456789abcdef");
  CHECK(window.read(fd.get(), 2, 3, 8, name) == "234");
  CHECK(window.read(fd.get(), 5, 5, 8, name) == "56789");
  CHECK(window.read(fd.get(), 2, 1, 8, name) == "2");
  CHECK(disk.reads == 1);
  CHECK(window.read(fd.get(), 6, 10, 8, name) == "6789abcdef");
  CHECK(disk.reads == 2);
  CHECK(window.read(fd.get(), 1, 2, 8, name) == "12");
  CHECK(disk.reads == 3);
}

TEST_CASE_FIXTURE(ReadAheadFixture, "pieces that are read from the last to the first are each read alone") {
  const UniqueFd fd = file("a", "0123456789");
  for (std::uint64_t offset = 10; offset-- > 0;)
    CHECK(window.read(fd.get(), offset, 1, 8, name) == std::to_string(offset));
  CHECK(disk.bytes < 40);
  window.read(fd.get(), 1, 1, 8, name);
  CHECK(window.read(fd.get(), 2, 1, 8, name) == "2");
  const int reads = disk.reads;
  CHECK(window.read(fd.get(), 3, 5, 8, name) == "34567");
  CHECK(disk.reads == reads);
}

TEST_CASE_FIXTURE(ReadAheadFixture,
                  "a piece that the end of the file cuts is short, and is read again when the file may have grown") {
  const UniqueFd fd = file("a", "0123");
  CHECK(window.read(fd.get(), 2, 4, 8, name) == "23");
  CHECK(window.read(fd.get(), 9, 1, 8, name).empty());
  append_by_hand(folder.path("a"), "4567");
  CHECK(window.read(fd.get(), 2, 4, 8, name) == "2345");
}

TEST_CASE_FIXTURE(ReadAheadFixture,
                  "the bytes of one file are never given for another's, nor any after a failure or forget()") {
  const UniqueFd a = file("a", "aaaa");
  const UniqueFd b = file("b", "bbbb");
  CHECK(window.read(a.get(), 0, 2, 4, name) == "aa");
  CHECK(window.read(b.get(), 0, 2, 4, name) == "bb");
  write_file(folder.path("b"), "cccc");
  CHECK(window.read(b.get(), 2, 2, 4, name) == "bb");
  window.forget();
  CHECK(window.read(b.get(), 2, 2, 4, name) == "cc");
  CHECK_THROWS_WITH_AS(window.read(-1, 0, 2, 4, name), "cannot read diary '/x': Bad file descriptor", Error);
  write_file(folder.path("b"), "dddd");
  CHECK(window.read(b.get(), 2, 2, 4, name) == "dd");
}
