#include "server/diary/round.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr std::size_t round_chunk_size = 256UL * 1024;  // that round.cc reads at once

using Places = std::vector<std::uint64_t>;

/// A diary in memory, and a walk round it.
struct RoundFixture {
  std::string diary;
  HeaderWalk walk;
  HeaderBegin begin;
  Places met;

  /// An entry that ends so many bytes behind the beginning of the diary.
  void fill_to(std::size_t size) {
    const std::string head = entry(0, "x");
    diary += entry(0, std::string(size - diary.size() - head.size() + 1, 'x'));
    REQUIRE(diary.size() == size);
  }

  HeaderWalk::Seen step(std::uint64_t first = 0, std::size_t most = 1'000'000) {
    met.clear();
    return walk.step(
        begin.line(),
        [&](std::uint64_t offset, char* to, std::size_t size) {
          const std::string bytes = diary.substr(std::min<std::size_t>(offset, diary.size()), size);
          std::copy(bytes.begin(), bytes.end(), to);
          return bytes.size();
        },
        first, diary.size(),
        [&](std::uint64_t place, std::string_view from_header) {
          CHECK(from_header.size() >= header_length);
          CHECK(std::string_view(diary).substr(place).starts_with(from_header));
          met.push_back(place);
          return met.size() < most;
        });
  }
};

}  // namespace

TEST_CASE_FIXTURE(RoundFixture, "each `[` that begins a line is met, and no other") {
  diary = entry(0) + "a [2015 in a line, which is as long as a header is\n\n" + entry(1);
  const auto seen = step();
  CHECK(seen.from == 0);
  CHECK(seen.to == diary.size());
  CHECK(met == Places{0, diary.size() - entry(1).size()});
  step();
  CHECK(met == Places{0, diary.size() - entry(1).size()});
}

TEST_CASE_FIXTURE(RoundFixture, "a header is met once in a round wherever a chunk cuts it") {
  for (std::size_t cut = 0; cut <= header_length + 1; ++cut) {
    CAPTURE(cut);
    diary.clear();
    walk = {};
    fill_to(round_chunk_size - cut);
    const std::uint64_t place = diary.size();
    diary += entry(1);
    Places all;
    Round round(0, diary.size());
    while (!round.done()) {
      round.saw(step());
      all.insert(all.end(), met.begin(), met.end());
    }
    CHECK(all == Places{0, place});
  }
}

TEST_CASE_FIXTURE(RoundFixture, "a walk that is to rest goes on with the next header") {
  diary = entries(0, 3);
  const std::size_t size = entry(0).size();
  CHECK(step(0, 1).to == size);
  CHECK(met == Places{0});
  CHECK(step(0, 1).to == 2 * size);
  CHECK(met == Places{size});
  CHECK(step(0, 1).to == diary.size());
  CHECK(met == Places{2 * size});
}

TEST_CASE_FIXTURE(RoundFixture, "who looks only from a place on has the walk begin there") {
  diary = entries(0, 3);
  const std::size_t size = entry(0).size();
  for (int times = 0; times < 2; ++times) {
    const auto seen = step(size);
    CHECK(seen.from == size);
    CHECK(met == Places{size, 2 * size});
  }
}

TEST_CASE_FIXTURE(RoundFixture, "only lines are met that begin as all headers do that are looked for") {
  diary = entry_on("2015-10-28", "a") + entry_on("2015-10-29", "b") + entry_on("2016-01-01", "c");
  const std::size_t size = entry_on("2015-10-28", "a").size();
  const std::vector<std::string> days{"2015-10-28", "2015-10-29", "2016-02-02"};
  const std::vector<Places> places{{0}, {0, size}, {0, size, 2 * size}};
  std::vector<std::string> headers;
  headers.reserve(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) {
    CAPTURE(i);
    begin.add(headers.emplace_back(entry_on(days[i], "a").substr(0, header_length)));
    const auto seen = step();
    CHECK(met == places[i]);
    CHECK(seen.size() == diary.size());
  }
}

TEST_CASE("a round is done when each of its bytes has passed by, whatever was appended meanwhile") {
  Round round(100, 1000);
  round.saw({600, 1000});
  round.saw({1000, 5000});
  CHECK_FALSE(round.done());
  round.saw({0, 599});
  CHECK_FALSE(round.done());
  round.saw({599, 700});
  CHECK(round.done());
  CHECK(Round().done());
  CHECK(Round(7, 7).done());
}
