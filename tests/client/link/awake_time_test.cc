#include "client/link/awake_time.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <vector>

#include "client/link/exchange.h"

using namespace md2;
using namespace std::chrono_literals;

namespace {

/// A clock that jumps when it is told to.
class JumpingClock : public Clock {
 public:
  Steady steady() override { return now_; }
  void pass(std::chrono::nanoseconds time) { now_ += time; }

 private:
  Steady now_ = Clock::steady();
};

}  // namespace

TEST_CASE("awake time: it goes with the clock as long as somebody looks") {
  JumpingClock clock;
  AwakeTime time(clock);
  const Clock::Steady begin = time.now();
  for (int i = 0; i < 100; ++i) {
    clock.pass(900ms);
    CHECK(time.now() == begin + (i + 1) * 900ms);
  }
}

TEST_CASE("awake time: what passed while nobody could look counts as a second, what was waited for in full") {
  JumpingClock clock;
  AwakeTime time(clock);
  const Clock::Steady begin = time.now();
  clock.pass(1h);
  CHECK(time.now() == begin + 1s);
  clock.pass(1h);
  CHECK(time.now(10s) == begin + 12s);
  clock.pass(10s);
  CHECK(time.now(10s) == begin + 22s);
  clock.pass(1h);
  CHECK(time.now(2h) == begin + 22s + 1h);
}

/// The link waits in no other way: see Conversation for what its time means.
TEST_CASE("awake time: a process that was stopped in a wait has not waited") {
  JumpingClock clock;
  Exchange exchange(clock);
  const Clock::Steady begin = exchange.now();
  const Clock::Steady deadline = begin + 10s;
  WakePipe answer;
  std::vector<pollfd> watched{{answer.fd(), POLLIN, 0}};
  clock.pass(8h);
  answer.wake();
  exchange.wait_for(watched, deadline);
  CHECK(watched.front().revents == POLLIN);
  CHECK(exchange.now() < begin + 3s);
}

TEST_CASE("awake time: who waits for nobody waits as long as he wants to") {
  JumpingClock clock;
  Exchange exchange(clock);
  const Clock::Steady begin = exchange.now();
  exchange.wake_link();
  clock.pass(900ms);
  exchange.wait_for(-1, 0);
  CHECK(exchange.now() == begin + 900ms);
  clock.pass(1s);
  exchange.wait_for(-1, 0, begin + 1s);
  CHECK(exchange.now() == begin + 1900ms);
}
