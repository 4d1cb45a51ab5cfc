#include "server/diary/recent.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "common/text/lines.h"

namespace md2 {

namespace {

std::string_view without_blanks_at_end(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

/// Carriage returns and blanks at the ends of lines don't count, as in same_entry().
std::size_t hash_of(std::string_view encoded) {
  std::size_t hash = 0;
  for (const std::string_view line : Lines(encoded))
    hash = hash * 31 + std::hash<std::string_view>()(without_blanks_at_end(line));
  return hash;
}

}  // namespace

void Recent::begin_at(std::uint64_t end, std::string tail) {
  entries_.clear();
  places_.clear();
  begin_ = end;
  tail_ = std::move(tail);
}

void Recent::add(std::uint64_t offset, std::string_view encoded, By by) {
  const std::size_t hash = hash_of(encoded);
  entries_.push_back({offset, hash});
  places_[hash] = {offset, by};
  if (entries_.size() <= max_entries) return;
  forget(entries_.front());
  entries_.pop_front();
  begin_ = entries_.front().offset;
}

void Recent::forget_from(std::uint64_t offset) {
  for (; !entries_.empty() && entries_.back().offset >= offset; entries_.pop_back()) forget(entries_.back());
}

void Recent::forget(const Known& known) {
  const auto found = places_.find(known.hash);
  if (found != places_.end() && found->second.offset == known.offset) places_.erase(found);
}

void Recent::append(std::string_view bytes) {
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), tail_length));
  tail_.erase(0, tail_.size() - std::min(tail_.size(), tail_length));
}

std::optional<std::uint64_t> Recent::find(std::string_view encoded) const {
  const auto found = places_.find(hash_of(encoded));
  return found == places_.end() ? std::nullopt : std::optional(found->second.offset);
}

std::string_view Recent::newlines_before_entry() const {
  if (tail_.empty() || tail_ == "\n" || tail_.ends_with("\n\n")) return {};
  return tail_.ends_with('\n') ? "\n" : "\n\n";
}

bool Recent::is_ours(std::string_view encoded) const {
  const auto found = places_.find(hash_of(encoded));
  return found != places_.end() && found->second.by == By::us;
}

}  // namespace md2
