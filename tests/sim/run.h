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

inline constexpr std::size_t default_steps = 150;

/// What became of one seed.
struct Result {
  Verdict verdict;
  std::array<std::size_t, kinds> counts{};
  std::vector<std::string> faults;  ///< a line each
  std::vector<std::string> story;   ///< a line for each event, when it was wanted
};

/// Runs the world of a seed, from which all in it follows.
Result run_seed(std::uint64_t seed, bool told = false, std::size_t steps = default_steps, Mutant mutant = Mutant::none);

}  // namespace md2::sim
