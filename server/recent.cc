#include "server/recent.h"

#include <functional>

namespace md2 {
namespace {

std::size_t hash_of(std::string_view encoded) {
  return std::hash<std::string_view>{}(encoded);
}

}  // namespace

void RecentEntries::begin_at(std::uint64_t end) {
  places_.clear();
  counts_.clear();
  begin_ = end;
}

void RecentEntries::add(std::uint64_t offset, std::string_view encoded) {
  if (places_.size() == capacity) {
    forget(places_.front().hash);
    places_.pop_front();
    begin_ = places_.front().offset;
  }
  places_.push_back({offset, hash_of(encoded)});
  ++counts_[places_.back().hash];
}

void RecentEntries::forget_from(std::uint64_t offset) {
  while (!places_.empty() && places_.back().offset >= offset) {
    forget(places_.back().hash);
    places_.pop_back();
  }
}

void RecentEntries::forget(std::size_t hash) {
  const auto count = counts_.find(hash);
  if (--count->second == 0) counts_.erase(count);
}

bool RecentEntries::may_hold(std::string_view encoded) const {
  return counts_.contains(hash_of(encoded));
}

}  // namespace md2
