#include "server/diary/diary_file.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "common/os/disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Lets somebody else act between the first call that reads and the second.
struct BetweenReads : Disk {
  ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size) override {
    if (++reads == 2 && act) act();
    return Disk::read(fd, offset, to, size);
  }

  int reads = 0;
  std::function<void()> act;
};

struct DiaryFileFixture {
  TemporaryFolder folder;
  std::string path = folder.path("diary");
  BetweenReads disk;
  UseDisk use{disk};
  DiaryFile file{path};
};

}  // namespace

TEST_CASE_FIXTURE(DiaryFileFixture, "what is cut back is what was appended, and the end") {
  append_by_hand(path, "a note\nours\n");
  CHECK_FALSE(file.cut_back(7, "our"));
  CHECK_FALSE(file.cut_back(7, "hers\n"));
  CHECK_FALSE(file.cut_back(7, "ours\n "));
  CHECK(read_file(path) == "a note\nours\n");
  CHECK(file.cut_back(7, "ours\n"));
  CHECK(read_file(path) == "a note\n");
}

TEST_CASE_FIXTURE(DiaryFileFixture, "nothing can come between what a cut is decided by") {
  append_by_hand(path, "a note\nours\n");
  disk.reads = 0;
  disk.act = [this] { write_file(path, "a note\nhers\n"); };
  CHECK(file.cut_back(7, "ours\n"));
  CHECK(disk.reads == 1);
  CHECK(read_file(path) == "a note\n");
}
