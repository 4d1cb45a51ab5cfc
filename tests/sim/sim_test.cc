// Some seeds of the simulation, so that whoever runs the tests runs it, too; and that it can fail.
#include <doctest/doctest.h>

#include "tests/sim/run.h"

using namespace md2::sim;

namespace {

Settings with(Mutant mutant) {
  Settings settings;
  settings.mutant = mutant;
  settings.without = "owner,clocks,impossible,other";
  return settings;
}

/// The first of so many seeds in which something is found; 0: none.
std::uint64_t first_found(Mutant mutant, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    if (!run_seed(seed, with(mutant)).verdict.clean()) return seed;
  }
  return 0;
}

}  // namespace

TEST_CASE("in simulated worlds nothing is lost, doubled or wrong") {
  Settings settings;
  settings.without = "owner,clocks,impossible,other";
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Result result = run_seed(seed, settings);
    CAPTURE(seed);
    CAPTURE(result.faults.empty() ? "" : result.faults.front());
    CHECK(result.verdict.clean());
  }
}

TEST_CASE("the same seed gives the same world, to the last event") {
  for (const std::uint64_t seed : {3, 17, 101}) {
    Settings told;
    told.told = true;
    const Result one = run_seed(seed, told);
    CHECK(one.story.size() > 50);
    CHECK(one.story == run_seed(seed, told).story);
    CHECK(one.story != run_seed(seed + 1, told).story);
  }
}

TEST_CASE("the simulation finds a disk that lies, a SINCE that is wrong, a sync or an adoption that is left out") {
  for (const Mutant mutant : {Mutant::lying_disk, Mutant::since, Mutant::outbox_sync, Mutant::forgotten_outbox}) {
    CAPTURE(mutant);
    CHECK(first_found(mutant, 200) != 0);
  }
}
