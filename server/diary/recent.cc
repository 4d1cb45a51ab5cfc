#include "server/diary/recent.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace md2 {

void Recent::begin_at(std::uint64_t end, std::string tail) {
  entries_.clear();
  offsets_.clear();
  begin_ = end;
  tail_ = std::move(tail);
}

void Recent::add(std::uint64_t offset, std::string_view encoded) {
  const std::size_t hash = std::hash<std::string_view>{}(encoded);
  entries_.push_back({offset, hash});
  offsets_[hash] = offset;
  if (entries_.size() <= max_entries) return;
  forget(entries_.front());
  entries_.pop_front();
  begin_ = entries_.front().offset;
}

void Recent::forget_from(std::uint64_t offset) {
  for (; !entries_.empty() && entries_.back().offset >= offset; entries_.pop_back()) forget(entries_.back());
}

void Recent::forget(const Known& known) {
  const auto found = offsets_.find(known.hash);
  if (found != offsets_.end() && found->second == known.offset) offsets_.erase(found);
}

void Recent::append(std::string_view bytes) {
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), tail_length));
  tail_.erase(0, tail_.size() - std::min(tail_.size(), tail_length));
}

std::optional<std::uint64_t> Recent::find(std::string_view encoded) const {
  const auto found = offsets_.find(std::hash<std::string_view>{}(encoded));
  return found == offsets_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace md2
