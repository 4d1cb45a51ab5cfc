#include "client/terminal/progress.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

#include <array>

#include "common/os/unique_fd.h"
#include "tests/support/emulator.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

/// A terminal in memory, and a clock that goes when it is told to.
struct Watched {
  explicit Watched(int columns = 80) : emulator(3, columns) {
    const winsize size{3, static_cast<unsigned short>(columns), 0, 0};
    int ends[2];
    REQUIRE(openpty(&ends[0], &ends[1], nullptr, nullptr, &size) == 0);
    screen.reset(ends[0]);
    terminal.reset(ends[1]);
    REQUIRE(fcntl(screen.get(), F_SETFL, O_NONBLOCK) == 0);
  }

  /// The bytes that came since the last call, which the emulator has seen then.
  std::string written() {
    std::string all;
    std::array<char, 4096> bytes;
    for (;;) {
      const ssize_t count = ::read(screen.get(), bytes.data(), bytes.size());
      if (count <= 0) break;
      all.append(bytes.data(), static_cast<std::size_t>(count));
    }
    emulator.feed(all);
    return all;
  }

  std::vector<std::string> rows() {
    written();
    return emulator.rows();
  }

  Progress::Now clock() {
    return [this] { return now; };
  }

  Emulator emulator;
  UniqueFd screen, terminal;
  Progress::Clock::time_point now{};
};

using Rows = std::vector<std::string>;
constexpr std::uint64_t mebibyte = 1 << 20;

}  // namespace

TEST_CASE("what takes half a second shows how far it has come, in one line, until it is done") {
  Watched watched;
  {
    Progress progress(watched.terminal.get(), "imported", 100 * mebibyte, watched.clock());
    watched.now += 499ms;
    progress.reach(mebibyte, 10);
    CHECK(watched.written() == "");
    watched.now += 1ms;
    progress.reach(2 * mebibyte, 1234);
    CHECK(watched.rows() == Rows{"imported 1,234 entries, 2.0 MiB, 4.0 MiB/s, 2 %"});
    watched.now += 99ms;
    progress.reach(3 * mebibyte, 2000);
    CHECK(watched.written() == "");
    watched.now += 401ms;
    progress.reach(50 * mebibyte, 1'234'567);
    CHECK(watched.rows() == Rows{"imported 1,234,567 entries, 50 MiB, 50 MiB/s, 50 %"});
  }
  CHECK(watched.rows() == Rows{});
  CHECK(watched.emulator.cursor() == Position{0, 0});
}

TEST_CASE("without a count and a total, the line has none; more than the total is all of it") {
  Watched watched;
  Progress some(watched.terminal.get(), "read", 0, watched.clock());
  Progress whole(watched.terminal.get(), "read", 10, watched.clock());
  watched.now += 2s;
  some.reach(3 << 10);
  CHECK(watched.rows() == Rows{"read 3.0 KiB, 1.5 KiB/s"});
  whole.reach(3 << 10);
  CHECK(watched.rows() == Rows{"read 3.0 KiB, 1.5 KiB/s, 100 %"});
  whole.erase();
  CHECK(watched.rows() == Rows{});
  whole.erase();
  CHECK(watched.written() == "");
}

TEST_CASE("a line longer than the terminal is wide is cut, not wrapped") {
  Watched watched(20);
  Progress progress(watched.terminal.get(), "imported", 0, watched.clock());
  for (int i = 0; i < 3; ++i) {
    watched.now += 1s;
    progress.reach(5 * mebibyte, 1'234'567);
    CHECK(watched.rows() == Rows{"imported 1,234,567"});
  }
}

TEST_CASE("what is no terminal gets nothing") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  const UniqueFd read(ends[0]), write(ends[1]);
  Watched clock;
  {
    Progress progress(write.get(), "read", 100, clock.clock());
    clock.now += 5s;
    progress.reach(50);
  }
  char byte = 0;
  CHECK(::read(read.get(), &byte, 1) == -1);
}

TEST_CASE("sizes and counts are written for people") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1'234'567) == "1,234,567");
  CHECK(as_size(0) == "0.0 KiB");
  CHECK(as_size(512 << 10) == "512 KiB");
  CHECK(as_size(std::uint64_t{3} << 29) == "1.5 GiB");
  CHECK(as_size(std::uint64_t{5} << 42) == "20480 GiB");
}
