#include "server/diary/recent.h"

#include <algorithm>
#include <utility>

#include "server/diary/same_entry.h"

namespace md2 {

void Recent::begin_at(std::uint64_t end, std::string tail) {
  first_ = next_;
  begin_ = end;
  tail_ = std::move(tail);
}

void Recent::add(std::uint64_t offset, std::string_view encoded, By by) {
  if (next_ - first_ == max_entries) begin_ = entries_[place_of(++first_)].offset;
  const std::size_t hash = same_entry_hash(encoded);
  std::uint64_t& last = chains_[place_of(hash)];
  entries_[place_of(next_)] = {offset, hash, last, by};
  last = next_++;
}

void Recent::forget_from(std::uint64_t offset) {
  for (; next_ > first_; --next_) {
    const Known& last = entries_[place_of(next_ - 1)];
    if (last.offset < offset) return;
    chains_[place_of(last.hash)] = last.before;
  }
}

void Recent::append(std::string_view bytes) {
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), tail_length));
  if (tail_.size() > 2 * tail_length) tail_.erase(0, tail_.size() - tail_length);
}

const Recent::Known* Recent::look_up(std::string_view encoded) const {
  const std::size_t hash = same_entry_hash(encoded);
  for (std::uint64_t number = chains_[place_of(hash)]; number >= first_;) {
    const Known& known = entries_[place_of(number)];
    if (known.hash == hash) return &known;
    number = known.before;
  }
  return nullptr;
}

std::optional<std::uint64_t> Recent::find(std::string_view encoded) const {
  const Known* const known = look_up(encoded);
  return known == nullptr ? std::nullopt : std::optional(known->offset);
}

std::string_view Recent::newlines_before_entry() const {
  if (tail_.empty() || tail_ == "\n" || tail_.ends_with("\n\n")) return {};
  return tail_.ends_with('\n') ? "\n" : "\n\n";
}

bool Recent::is_ours(std::string_view encoded) const {
  const Known* const known = look_up(encoded);
  return known != nullptr && known->by == By::us;
}

}  // namespace md2
