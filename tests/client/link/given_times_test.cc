#include "client/link/given_times.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace md2;

namespace {

/// The file as it stands when each place that add() names was written.
class File {
 public:
  void write(const GivenTimes& times, std::size_t number) {
    const std::size_t offset = GivenTimes::header_size + number * GivenTimes::run_size;
    if (bytes_.size() < offset + GivenTimes::run_size) bytes_.resize(offset + GivenTimes::run_size);
    bytes_.replace(offset, GivenTimes::run_size, times.place(number));
    bytes_.replace(0, GivenTimes::header_size, times.header());
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

TEST_CASE("given times: what was given is not free, what lies before, between and behind is") {
  GivenTimes times;
  times.add({10, 10});
  times.add({20, 29});
  CHECK(times.free_from(9) == 9);
  CHECK(times.free_from(10) == 11);
  CHECK(times.free_from(19) == 19);
  CHECK(times.free_from(20) == 30);
  CHECK(times.free_from(25) == 30);
  CHECK(times.free_until(11, 100) == 19);
  CHECK(times.free_until(11, 15) == 15);
  CHECK(times.free_until(30, 100) == 100);
}

TEST_CASE("given times: a clock that stands still takes one run, however many entries it dates") {
  GivenTimes times;
  times.add({7, 7});
  for (int i = 0; i < 3 * static_cast<int>(GivenTimes::max_runs); ++i) {
    const std::int64_t time = times.free_from(1000);
    REQUIRE(time == 1000 + i);
    REQUIRE(times.add({time, time}) == 1);
  }
  CHECK(times.free_from(7) == 8);
}

TEST_CASE("given times: the last 4096 runs are known, also to whoever reads the file, and no more") {
  GivenTimes times;
  File file;
  for (std::int64_t i = 0; i < 5000; ++i) file.write(times, times.add({i * 10, i * 10}));
  CHECK(file.bytes().size() == GivenTimes::max_size);
  GivenTimes again(file.bytes());
  for (std::int64_t i = 0; i < 5000; ++i) {
    CAPTURE(i);
    const bool known = i >= 5000 - static_cast<std::int64_t>(GivenTimes::max_runs);
    REQUIRE(again.free_from(i * 10) == i * 10 + (known ? 1 : 0));
  }
  CHECK(again.add({99, 99}) == times.add({99, 99}));
}

TEST_CASE("given times: a file that is cut anywhere or holds what makes no sense gives what it still can") {
  GivenTimes times;
  File file;
  for (std::int64_t i = 0; i < 4; ++i) file.write(times, times.add({i * 10, i * 10}));
  for (std::size_t size = 0; size < file.bytes().size(); ++size) {
    CAPTURE(size);
    GivenTimes cut(file.bytes().substr(0, size));
    CHECK(cut.free_from(5) == 5);
    cut.add({5, 5});
    CHECK(cut.free_from(5) == 6);
  }
  GivenTimes all;
  File other;
  other.write(all, all.add({std::numeric_limits<std::int64_t>::max() - 1, std::numeric_limits<std::int64_t>::max()}));
  other.write(all, all.add({50, 40}));
  other.write(all, all.add({60, 60}));
  const GivenTimes read(other.bytes());
  CHECK(read.free_from(0) == 0);
  CHECK(read.free_from(45) == 45);
  CHECK(read.free_from(60) == 61);
  CHECK(GivenTimes("md2time1" + std::string(100, '\1')).free_from(0) == 0);
}

TEST_CASE("given times: half of one run and half of another is none, wherever a power cut has parted them") {
  constexpr std::int64_t one = 1'446'038'763'417'293;
  constexpr std::int64_t other = 1'446'038'776'112'402;
  const auto file_with = [](std::int64_t first, std::int64_t last) {
    GivenTimes times;
    File file;
    file.write(times, times.add({first, last}));
    return file.bytes();
  };
  const std::string before = file_with(one, one + 7);
  const std::string after = file_with(other, other + 999);
  for (std::size_t cut = GivenTimes::header_size + 1; cut < before.size(); ++cut) {
    CAPTURE(cut);
    const std::string torn = after.substr(0, cut) + before.substr(cut);
    if (torn == before || torn == after) continue;
    const GivenTimes times(torn);
    for (const std::int64_t time : {one, one + 7, other, other + 1, other + 999}) CHECK(times.free_from(time) == time);
  }
}
