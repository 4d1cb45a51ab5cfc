#include "server/diary/item_at.h"

#include <algorithm>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"

namespace md2 {
namespace {

constexpr std::size_t most_are_shorter = 1024;

}  // namespace

std::string item_at(const Scanner::Read& read, std::uint64_t place, std::uint64_t end) {
  std::string raw;
  std::size_t scanned = 0;
  for (std::size_t size = most_are_shorter; place + raw.size() < end; size *= 8) {
    size = std::min<std::uint64_t>({size, longest_item, end - place});
    const std::size_t had = raw.size();
    raw.resize(size);
    raw.resize(had + read(place + had, raw.data() + had, size - had));
    const bool all = raw.size() < size || place + size == end;
    const std::size_t length = item_length(raw, all, scanned);
    if (length > 0 || all) {
      raw.resize(length);
      break;
    }
  }
  return raw;
}

}  // namespace md2
