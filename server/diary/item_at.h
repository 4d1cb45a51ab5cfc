#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/diary/entry.h"
#include "server/diary/scanner.h"

namespace md2 {

/// Bytes that tell the length of any item.
inline constexpr std::size_t longest_item = max_encoded + header_length;

/// The bytes of the item that begins at `place` of the diary, which ends at `end`; none where nothing stands.
std::string item_at(const Scanner::Read& read, std::uint64_t place, std::uint64_t end);

}  // namespace md2
