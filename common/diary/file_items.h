#pragma once

#include <cstdint>
#include <functional>

#include "common/diary/entry_reader.h"

namespace md2 {

/// Reads the file `fd` from `begin` to before `end`, or to its own end, and gives each entry and each loose line to
/// `take`. The last item counts as ended there. Memory is bounded by max_encoded. Throws Error when the file can't be
/// read.
void each_item(int fd, std::uint64_t begin, std::uint64_t end,
               const std::function<void(const EntryReader::Item&)>& take);

}  // namespace md2
