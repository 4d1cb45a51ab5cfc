#include "common/os/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <thread>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;

TEST_CASE("write_all goes on until everything is written") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  const std::string bytes(1 << 20, 'x');  // more than a pipe holds
  std::thread writer([&] {
    CHECK(write_all(out.get(), bytes) == bytes.size());
    out.reset();
  });
  std::string got;
  char piece[1000];
  for (ssize_t count; (count = ::read(in.get(), piece, sizeof piece)) > 0;)
    got.append(piece, static_cast<std::size_t>(count));
  writer.join();
  CHECK(got == bytes);
}

TEST_CASE("write_all tells how much was written before an error") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  const UniqueFd in(ends[0]);
  const UniqueFd out(ends[1]);
  const std::string bytes(1 << 20, 'x');
  const std::size_t written = write_all(out.get(), bytes);
  CHECK(errno == EAGAIN);
  CHECK(written > 0);
  CHECK(written < bytes.size());
}

TEST_CASE("read_at reads from the offset on and stops at the end of the file") {
  constexpr FileName name{"diary", "/x"};
  const test::TemporaryFolder folder;
  test::write_file(folder.path("file"), "0123456789");
  const UniqueFd fd(open(folder.path("file").c_str(), O_RDONLY | O_CLOEXEC));
  char bytes[16];
  CHECK(read_at(fd.get(), 2, bytes, 3, name) == 3);
  CHECK(std::string(bytes, 3) == "234");
  CHECK(read_at(fd.get(), 8, bytes, sizeof bytes, name) == 2);
  CHECK(read_at(fd.get(), 10, bytes, sizeof bytes, name) == 0);
  CHECK(read_at(fd.get(), 1000, bytes, sizeof bytes, name) == 0);
  CHECK_THROWS_WITH_AS(read_at(-1, 0, bytes, sizeof bytes, name), "cannot read diary '/x': Bad file descriptor", Error);
}

TEST_CASE("read_start reads a file of any size up to its limit") {
  constexpr FileName name{"file", "/x"};
  const test::TemporaryFolder folder;
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < 200'000; ++i) bytes += std::to_string(i);
  for (const std::size_t size : {0U, 1U, 16'383U, 16'384U, 16'385U, 32'768U, 50'000U, 65'536U, 200'000U}) {
    CAPTURE(size);
    test::write_file(folder.path("file"), bytes.substr(0, size));
    const UniqueFd fd(open(folder.path("file").c_str(), O_RDONLY | O_CLOEXEC));
    for (const std::size_t most : {0U, 1U, 16'384U, 49'999U, 50'000U, 300'000U}) {
      CAPTURE(most);
      CHECK(read_start(fd.get(), most, name) == bytes.substr(0, std::min(size, most)));
    }
  }
  CHECK_THROWS_WITH_AS(read_start(-1, 1, name), "cannot read file '/x': Bad file descriptor", Error);
}

TEST_CASE("a lock is held by one at a time and ends with its descriptor") {
  const test::TemporaryFolder folder;
  const std::string path = folder.path("lock");
  UniqueFd held = lock_file(path, Wait::no);
  REQUIRE(held);
  CHECK_FALSE(lock_file(path, Wait::no));
  held.reset();
  CHECK(lock_file(path, Wait::no));
  struct stat status = {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("lock waits until the other has let go") {
  const test::TemporaryFolder folder;
  const std::string path = folder.path("lock");
  UniqueFd held = lock_file(path, Wait::yes);
  bool free = false;  // handed over by the lock itself
  std::thread waiter([&] {
    const UniqueFd mine = lock_file(path, Wait::yes);
    CHECK(mine);
    CHECK(__atomic_load_n(&free, __ATOMIC_SEQ_CST));
  });
  __atomic_store_n(&free, true, __ATOMIC_SEQ_CST);
  held.reset();
  waiter.join();
}

TEST_CASE("a lock file that can't be had is named, and a symbolic link is not followed") {
  const test::TemporaryFolder folder;
  const std::string missing = folder.path("missing/lock");
  CHECK_THROWS_WITH_AS(lock_file(missing, Wait::no),
                       ("cannot open lock file '" + missing + "': No such file or directory").c_str(), Error);
  REQUIRE(symlink(folder.path("elsewhere").c_str(), folder.path("link").c_str()) == 0);
  CHECK_THROWS_AS(lock_file(folder.path("link"), Wait::no), Error);
}

TEST_CASE("the folder of a file can be synced") {
  const test::TemporaryFolder folder;
  CHECK_NOTHROW(sync_folder_of(folder.path("file")));
  CHECK_THROWS_AS(sync_folder_of(folder.path("missing/file")), Error);
}
