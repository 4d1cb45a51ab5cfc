#pragma once

#include <cstdint>
#include <string>

#include "server/diary/scanner.h"

namespace md2 {

/// The bytes of the item that begins at `place` of the diary, which ends at `end`; none where nothing stands.
std::string item_at(const Scanner::Read& read, std::uint64_t place, std::uint64_t end);

}  // namespace md2
