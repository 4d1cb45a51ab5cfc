#include "server/diary/recent.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace md2 {

void Recent::begin_at(std::uint64_t end, std::string tail) {
  segments_.clear();
  begin_ = end;
  tail_ = std::move(tail);
}

void Recent::add(std::uint64_t offset, std::string_view encoded) {
  if (segments_.empty() || segments_.back().hashes.size() >= segment_size) {
    if (segments_.size() == max_segments) {
      segments_.pop_front();
      begin_ = segments_.front().begin;
    }
    segments_.push_back({offset, {}});
    segments_.back().hashes.reserve(segment_size);
  }
  segments_.back().hashes.insert(std::hash<std::string_view>{}(encoded));
}

void Recent::append(std::string_view bytes) {
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), tail_length));
  tail_.erase(0, tail_.size() - std::min(tail_.size(), tail_length));
  appended_ += bytes;
  if (appended_.size() < 2 * kept_length) return;
  const std::size_t end = appended_.find("\n\n", appended_.size() - kept_length);
  appended_.erase(0, end == std::string::npos ? end : end + 2);
  if (appended_.capacity() > 4 * kept_length) appended_.shrink_to_fit();
}

bool Recent::may_contain(std::string_view encoded, std::uint64_t since) const {
  const std::size_t hash = std::hash<std::string_view>{}(encoded);
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    if (segment->hashes.contains(hash)) return true;
    if (segment->begin <= since) return false;
  }
  return false;
}

}  // namespace md2
