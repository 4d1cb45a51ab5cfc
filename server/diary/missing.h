#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace md2 {

/// The entries that a new diary lacks.
struct Missing {
  std::size_t entries = 0;
  std::string file;  ///< where they are kept now, in diary format; empty when none is missing
};

/// Compares what stands in the old diary `old_fd` from `begin` to before `end` with the whole new one, entry by entry,
/// and keeps those that the new one lacks in `PATH.missing.TIME`, synced. An entry is there when header and text are,
/// wherever it stands. When the new file holds all of that range at its old place or at its end, comparing it is
/// enough; else the new file is read once for every 4 MiB in doubt. Memory is bounded. Throws Error.
Missing keep_missing(const std::string& path, int old_fd, std::uint64_t begin, std::uint64_t end, int new_fd);

}  // namespace md2
