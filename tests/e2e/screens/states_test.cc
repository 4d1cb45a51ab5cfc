// Random states of the prompt, each compared with what must be on the screen. MD2_SCREENS=A..B takes these seeds, which
// is what `make screens SEEDS=A..B` does; a failure tells its seed and all that was done.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/e2e/screens/chance.h"
#include "tests/e2e/screens/session.h"
#include "tests/support/deadline.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int actions = 40;

std::size_t states_of(std::uint32_t seed) {
  Chance chance(seed);
  ScreenSession session(chance.setting());
  for (int i = 0; i < actions; ++i) chance.act(session);
  return session.states();
}

struct Seeds {
  std::uint32_t first;
  std::uint32_t last;
};

Seeds seeds() {
  const char* text = std::getenv("MD2_SCREENS");
  if (text == nullptr) return {1, sanitized() ? 5U : 50U};
  const std::string range(text);
  const std::size_t dots = range.find("..");
  REQUIRE_MESSAGE(dots != std::string::npos, "MD2_SCREENS is A..B, not '", range, "'");
  return {static_cast<std::uint32_t>(std::stoul(range)),
          static_cast<std::uint32_t>(std::stoul(range.substr(dots + 2)))};
}

}  // namespace

TEST_CASE("in random states of the prompt, everything on the screen is where it belongs") {
  const Seeds range = seeds();
  std::size_t states = 0;
  for (std::uint32_t seed = range.first; seed <= range.last; ++seed) {
    CAPTURE(seed);
    try {
      states += states_of(seed);
    } catch (const Failure& failure) {
      FAIL_CHECK("seed ", seed, ": ", failure.what());
    }
  }
  CHECK(states >= static_cast<std::size_t>(actions) * (range.last - range.first + 1) / 2);
}
