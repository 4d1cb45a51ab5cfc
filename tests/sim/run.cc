#include "tests/sim/run.h"

#include <array>
#include <utility>

#include "tests/sim/world.h"

namespace md2::sim {

std::optional<MutantRow> mutant_of(std::string_view name) {
  static constexpr std::array<MutantRow, 18> rows{{
      {"lying-disk", Mutant::lying_disk, "lost, though it was saved"},
      {"since", Mutant::since, "doubled"},
      {"outbox-sync", Mutant::outbox_sync, "lost, though it was kept"},
      {"forgotten-outbox", Mutant::forgotten_outbox, "lost, though it was kept"},
      {"unsynced-name", Mutant::patched, "lost, though it was kept"},
      {"L1", Mutant::untold_refusal, "refused, and nobody was told"},
      {"L2", Mutant::patched, "lost, though it was saved"},
      {"L3", Mutant::patched, "that the diary never was"},
      {"L4", Mutant::patched, "lost, though it was saved"},
      {"L5", Mutant::patched, "lost, though it was saved"},
      {"L6", Mutant::patched, "in a diary that it was not written for"},
      {"L7", Mutant::patched, "glued to other text"},
      {"L8", Mutant::patched, "not all of them are its own"},
      {"L11", Mutant::patched, "doubled"},
      {"L12", Mutant::patched, "doubled"},
      {"L14", Mutant::patched, "not the time of its moment"},
      {"turned-link", Mutant::patched, "lost, though it was saved"},
      {"first-correction", Mutant::patched, "that the diary never was"},
  }};
  for (const MutantRow& row : rows) {
    if (row.name == name) return row;
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
