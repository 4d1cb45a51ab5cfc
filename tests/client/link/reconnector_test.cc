#include "client/link/reconnector.h"

#include <doctest/doctest.h>

#include <array>

using namespace md2;
using namespace std::chrono_literals;
using Next = Reconnector::Next;
using Why = Ending::Why;

TEST_CASE("pauses double from 0.1 s to 30 s") {
  Reconnector reconnector;
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms, 25600ms, 30000ms, 30000ms}) {
    CHECK(reconnector.after({Why::unreachable, "", false}).pause == pause);
  }
}

TEST_CASE("attempts that are brought forward make no later pause longer") {
  Reconnector reconnector;
  CHECK(reconnector.after({Why::unreachable, "", false}).pause == 100ms);
  for (int line = 0; line < 20; ++line) {
    reconnector.cut_short();
    CHECK(reconnector.after({Why::unreachable, "", false}).pause == 100ms);
  }
  CHECK(reconnector.after({Why::unreachable, "", false}).pause == 200ms);
}

TEST_CASE("that the server is not there is told once, until it has been there again") {
  Reconnector reconnector;
  for (const bool tell : {true, false, false}) {
    const auto decision = reconnector.after({Why::unreachable, "", false});
    CHECK(decision.next == Next::offline);
    CHECK(decision.tell == tell);
  }
  const auto decision = reconnector.after({Why::lost, "", true});
  CHECK(decision.next == Next::offline);
  CHECK(decision.tell);
  CHECK(decision.pause == 100ms);
}

TEST_CASE("a server that closes some connections before it greets is no news until the sixth") {
  Reconnector reconnector;
  for (int i = 0; i < 5; ++i) {
    INFO("attempt " << i);
    CHECK(reconnector.after({i % 2 == 0 ? Why::lost : Why::bye, "", false}).next == Next::attempt);
  }
  CHECK(reconnector.after({Why::lost, "", false}).next == Next::offline);
}

TEST_CASE("a server that closes connections before it greets is told when there is no time for more") {
  Reconnector reconnector;
  CHECK(reconnector.after({Why::lost, "", false}, true).next == Next::attempt);
  CHECK(reconnector.after({Why::lost, "", false}, false).tell);
}

TEST_CASE("what never greets, and what nobody answers, is told at once") {
  for (const Why why : {Why::silent, Why::unreachable}) {
    CHECK(Reconnector().after({why, "", false}).tell);
  }
}

TEST_CASE("nothing that a server is or does ends the attempts; only that this program ends") {
  for (const Why why : {Why::unreachable, Why::silent, Why::older, Why::newer, Why::other_diary, Why::fault}) {
    for (const bool greeted : {false, true}) CHECK(Reconnector().after({why, "", greeted}).next == Next::offline);
  }
  CHECK(Reconnector().after({Why::stopped, "", true}).next == Next::leave);
}

TEST_CASE("a key that is missing or refused is told as such, once, and tried again") {
  for (const Why why : {Why::key_refused, Why::no_key}) {
    Reconnector reconnector;
    CHECK(reconnector.after({Why::unreachable, "", false}).tell);
    for (const bool tell : {true, false, false}) {
      const auto decision = reconnector.after({why, "", false});
      CHECK(decision.next == Next::no_key);
      CHECK(decision.tell == tell);
    }
  }
}

TEST_CASE("who greets and then makes no sense is tried less and less often") {
  Reconnector reconnector;
  for (const auto pause : {100ms, 200ms, 400ms}) CHECK(reconnector.after({Why::fault, "", true}).pause == pause);
  CHECK(reconnector.after({Why::lost, "", true}).pause == 100ms);
}

TEST_CASE("that somebody else answers is told once, though the server was known not to be there") {
  for (const Why why : {Why::older, Why::newer, Why::other_diary}) {
    Reconnector reconnector;
    CHECK(reconnector.after({Why::lost, "", true}).tell);
    CHECK(reconnector.after({why, "", false}).tell);
    for (const Why then : {why, Why::unreachable, why}) {
      const auto decision = reconnector.after({then, "", false});
      CHECK(decision.next == Next::offline);
      CHECK_FALSE(decision.tell);
    }
  }
}
