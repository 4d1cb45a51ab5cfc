#include "tests/sim/run.h"

#include <array>
#include <utility>

#include "tests/sim/world.h"

namespace md2::sim {

std::optional<Mutant> mutant_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Mutant>, 5> names{{{"lying-disk", Mutant::lying_disk},
                                                                      {"since", Mutant::since},
                                                                      {"outbox-sync", Mutant::outbox_sync},
                                                                      {"forgotten-outbox", Mutant::forgotten_outbox},
                                                                      {"L1", Mutant::untold_refusal}}};
  for (const auto& [known, mutant] : names) {
    if (known == name) return mutant;
  }
  return std::nullopt;
}

Result run_seed(std::uint64_t seed, const Settings& settings) {
  Story story(settings.told);
  World world(seed, settings, story);
  world.run();
  return {world.ledger().verdict(), story.counts(), world.ledger().faults(), story.lines()};
}

}  // namespace md2::sim
