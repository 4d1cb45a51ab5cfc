#pragma once

#include <optional>
#include <string_view>

namespace md2::sim {

/// Faults that are made in the simulation itself, to prove that it finds them. Those that change md2's own sources are
/// patches (tests/sim/mutants), built apart.
enum class Mutant {
  none,
  lying_disk,        ///< a server's sync does nothing
  since,             ///< entries in doubt are sent as if they were new
  outbox_sync,       ///< a client's sync does nothing
  forgotten_outbox,  ///< nobody adopts what a dead client has left
  untold_refusal,    ///< L1: nobody looks at what was refused
};

std::optional<Mutant> mutant_of(std::string_view name);

}  // namespace md2::sim
