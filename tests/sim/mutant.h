#pragma once

#include <optional>
#include <string_view>

namespace md2::sim {

/// Faults that are made in the simulation itself, to prove that it finds them.
enum class Mutant {
  none,
  patched,           ///< in md2's own sources (tests/sim/mutants), a program of its own
  lying_disk,        ///< a server's sync does nothing
  since,             ///< entries in doubt are sent as if they were new
  outbox_sync,       ///< a client's sync does nothing
  forgotten_outbox,  ///< nobody adopts what a dead client has left
  untold_refusal,    ///< nobody looks at what was refused
};

struct MutantRow {
  std::string_view name;
  Mutant mutant;
  std::string_view finds;  ///< words of the faults that it has to lead to: what else is found does not count
};

/// Nothing for a name that nobody knows.
std::optional<MutantRow> mutant_of(std::string_view name);

}  // namespace md2::sim
