#include "server/diary/lookup.h"

#include <string.h>

#include <algorithm>
#include <array>

#include "common/diary/entry.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

constexpr std::size_t chunk_size = std::size_t{256} << 10;

/// Where `header` begins a line in `text`, from `from` on. The text begins at a line when `line_start`.
std::size_t find_header(std::string_view text, std::string_view header, std::size_t from, bool line_start) {
  while (from < text.size()) {
    // glibc's memmem is twice as fast as string_view::find.
    const void* const hit = memmem(text.data() + from, text.size() - from, header.data(), header.size());
    if (hit == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    if (at == 0 ? line_start : text[at - 1] == '\n') return at;
    from = at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

Lookup::State Lookup::step(const Diary& diary, std::size_t budget) {
  if (position_ > diary.durable()) position_ = 0;
  const std::string_view header = std::string_view(entry_).substr(0, header_length);
  static std::array<char, chunk_size> chunk;  // one thread serves all sessions
  for (std::size_t used = 0; used < budget;) {
    // The byte before tells whether a line begins.
    const std::uint64_t begin = position_ - (position_ > 0 ? 1 : 0);
    const std::size_t count = diary.read(begin, chunk.data(), chunk.size());
    const std::string_view text(chunk.data(), count);
    for (std::size_t from = position_ - begin;; ++from) {
      from = find_header(text, header, from, begin == 0);
      if (from == std::string_view::npos) break;
      position_ = begin + from;
      switch (look_at(diary, position_)) {
        case State::found:
          return State::found;
        case State::absent:  // its rest may still come
          return State::absent;
        case State::searching:
          break;
      }
      used += entry_.size();
    }
    // A header may have begun in the last bytes, and be whole only in the next chunk or when the diary has grown.
    if (count >= header.size()) position_ = std::max(position_, begin + count - (header.size() - 1));
    if (begin + count >= diary.durable() || count < chunk.size()) return State::absent;
    used += count;
  }
  return State::searching;
}

/// `searching`: what begins there is another entry.
Lookup::State Lookup::look_at(const Diary& diary, std::uint64_t offset) const {
  const std::string_view text = without_end(entry_);
  std::string bytes(longest_form(text), '\0');
  bytes.resize(diary.read(offset, bytes.data(), bytes.size()));
  if (same_entry(text, bytes)) return State::found;
  const bool cut = offset + bytes.size() >= diary.durable() && text.starts_with(bytes);
  return cut ? State::absent : State::searching;
}

}  // namespace md2
