#pragma once

#include <cstdint>
#include <string>

#include "server/diary/scanner.h"

namespace md2 {

/// The bytes of the item that begins at `place` of the diary, which ends at `end`; none where nothing stands.
std::string item_at(const Scanner::Read& read, std::uint64_t place, std::uint64_t end);

/// What an item lacks, in newlines, to end as the diary format has it.
std::size_t missing_newlines(std::string_view raw, bool has_header);

}  // namespace md2
