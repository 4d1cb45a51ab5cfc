#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/ledger.h"
#include "tests/sim/mutant.h"
#include "tests/sim/story.h"

namespace md2::sim {

struct Settings {
  std::size_t steps = 250;  ///< of each world
  Mutant mutant = Mutant::none;
  std::string without;  ///< misfortunes that are left out: words of World::climate()
  bool told = false;    ///< the story is wanted
};

/// What became of one seed.
struct Result {
  Verdict verdict;
  std::array<std::size_t, kinds> counts{};
  std::vector<std::string> faults;  ///< a line each
  std::vector<std::string> story;   ///< a line for each event, when it was wanted
};

/// Runs the world of a seed, from which all in it follows.
Result run_seed(std::uint64_t seed, const Settings& settings = {});

}  // namespace md2::sim
