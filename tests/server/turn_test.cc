#include "server/turn.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace md2;

namespace {

struct TurnClock : Clock {
  Steady time;
  Steady steady() override { return time += std::chrono::milliseconds(1); }
};

using Clients = std::vector<std::uint64_t>;

/// Who was served in a turn, in this order; all of them have work.
Clients served(Share& share, const Clients& clients) {
  Clients order;
  share.serve(
      clients, [](std::uint64_t client) { return client; },
      [&](std::uint64_t client) {
        if (share.allows(client)) order.push_back(client);
      });
  return order;
}

}  // namespace

TEST_CASE("a turn that is too short for all is shared in turns, whoever comes or goes") {
  TurnClock clock;
  Share share(clock, std::chrono::milliseconds(3));
  CHECK(served(share, {1, 2, 3, 4, 5}) == Clients{1, 2, 3});
  CHECK(served(share, {1, 2, 3, 4, 5}) == Clients{4, 5, 1});
  CHECK(served(share, {1, 3, 4, 5}) == Clients{3, 4, 5});
  CHECK(served(share, {3, 4, 5, 6}) == Clients{3, 4, 5});
  CHECK(served(share, {3, 4, 5, 6}) == Clients{6, 3, 4});
}

TEST_CASE("however short a turn is, somebody gets on in it, and then the next one") {
  TurnClock clock;
  Share share(clock, std::chrono::milliseconds(0));
  for (const std::uint64_t client : {1U, 2U, 3U, 1U, 2U, 3U}) CHECK(served(share, {1, 2, 3}) == Clients{client});
}

TEST_CASE("who is alone may go on while there is time, but not where others were left out") {
  TurnClock clock;
  Share share(clock, std::chrono::milliseconds(3));
  std::vector<int> slices;
  const auto turn = [&](const Clients& clients) {
    share.serve(
        clients, [](std::uint64_t client) { return client; },
        [&](std::uint64_t client) {
          int count = share.allows(client) ? 1 : 0;
          while (count > 0 && share.has_time_to_spare()) ++count;
          slices.push_back(count);
        });
    return std::exchange(slices, {});
  };
  CHECK(turn({1}) == std::vector{3});
  CHECK(turn({1}) == std::vector{3});
  CHECK(turn({1, 2}) == std::vector{3, 0});
  CHECK(turn({1, 2}) == std::vector{1, 1});
}

TEST_CASE("a turn without an end leaves nobody out") {
  TurnClock clock;
  Share share(clock);
  for (int turns = 0; turns < 3; ++turns) CHECK(served(share, {1, 2, 3}) == Clients{1, 2, 3});
}
