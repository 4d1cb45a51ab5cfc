#pragma once

#include <string>

namespace md2::sim {

/// A diary as it was corrected, as `r` answers it, found in the slowest and simplest way.
std::string as_corrected(const std::string& diary);

}  // namespace md2::sim
