#include "server/diary/recent.h"

#include <functional>

namespace md2 {
namespace {

std::size_t hash_of(std::string_view encoded) {
  return std::hash<std::string_view>{}(encoded);
}

}  // namespace

void RecentEntries::begin_at(std::uint64_t end) {
  portions_.clear();
  begin_ = end;
}

void RecentEntries::add(std::uint64_t offset, std::string_view encoded) {
  if (portions_.empty() || portions_.back().hashes.size() >= portion_size) {
    if (portions_.size() == max_portions) {
      portions_.pop_front();
      begin_ = portions_.front().begin;
    }
    portions_.push_back({offset, {}});
    portions_.back().hashes.reserve(portion_size);
  }
  portions_.back().hashes.insert(hash_of(encoded));
}

bool RecentEntries::may_hold(std::string_view encoded, std::uint64_t since) const {
  const std::size_t hash = hash_of(encoded);
  for (auto portion = portions_.rbegin(); portion != portions_.rend(); ++portion) {
    if (portion->hashes.contains(hash)) return true;
    if (portion->begin <= since) return false;
  }
  return false;
}

}  // namespace md2
