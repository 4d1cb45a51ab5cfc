#include "common/os/disk.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <cstdint>

#include "common/os/unique_fd.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("disk: data ends behind the last byte that was written, wherever it was, and not behind room kept for more") {
  constexpr std::uint64_t size = std::uint64_t{1} << 20;
  const Sandbox sandbox;
  Disk disk;
  const UniqueFd file(disk.open(sandbox.path("file"), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  CHECK(disk.end_of_data(file.get()) == 0);
  REQUIRE(disk.reserve(file.get(), 0, size) == 0);
  REQUIRE(disk.ftruncate(file.get(), size) == 0);
  for (const std::uint64_t at : {std::uint64_t{5}, size / 4, size / 2, size - 3}) {
    REQUIRE(disk.write_at(file.get(), at, "abc") == 3);
    const std::uint64_t end = disk.end_of_data(file.get());
    CHECK(end >= at + 3);
    CHECK(end <= size);
  }
  const UniqueFd nothing;
  CHECK(disk.end_of_data(nothing.get()) == 0);
}
