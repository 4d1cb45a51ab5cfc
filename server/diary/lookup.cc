#include "server/diary/lookup.h"

#include <array>
#include <unordered_map>

#include "common/diary/entry.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

constexpr std::size_t chunk_size = std::size_t{256} << 10;

bool stands_at(const Diary& diary, std::uint64_t offset, std::string_view entry) {
  const std::string_view text = without_end(entry);
  std::string bytes(longest_form(text), '\0');
  bytes.resize(diary.read(offset, bytes.data(), bytes.size()));
  return same_entry(text, bytes).has_value();
}

}  // namespace

void Lookup::restart(std::uint64_t offset) {
  since_ = std::min(since_, offset);
  end_.reset();
  state_ = State::searching;
}

void LookupPass::step(const Diary& diary, const std::vector<Lookup*>& lookups, std::size_t budget) {
  static std::array<char, chunk_size> chunk;  // one thread serves all sessions
  const std::uint64_t durable = diary.durable();
  std::unordered_multimap<std::string_view, Lookup*> wanted;
  std::uint64_t first = durable;  // what anybody may still find begins there
  for (Lookup* const one : lookups) {
    if (one->state_ != Lookup::State::searching) continue;
    if (!one->end_) {
      if (one->since_ > durable) one->since_ = 0;
      one->end_ = durable;
      one->left_ = durable - one->since_;
    }
    if (one->left_ == 0) one->state_ = Lookup::State::absent;
    if (one->left_ == 0) continue;
    wanted.emplace(std::string_view(one->entry_).substr(0, header_length), one);
    first = std::min(first, one->since_);
  }
  for (std::size_t used = 0; !wanted.empty() && used < budget;) {
    if (position_ >= durable || position_ < first) position_ = first;
    const std::uint64_t begin = position_ - (position_ > 0 ? 1 : 0);  // the byte before tells whether a line begins
    const std::size_t count = diary.read(begin, chunk.data(), chunk.size());
    const std::string_view text(chunk.data(), count);
    for (std::size_t at = begin == 0 && text.starts_with('[') ? 0 : next_bracket(text, 0);
         at != std::string_view::npos && text.size() - at >= header_length; at = next_bracket(text, at)) {
      const auto [from, to] = wanted.equal_range(text.substr(at, header_length));
      for (auto one = from; one != to;) {
        Lookup& lookup = *one->second;
        ++one;
        if (begin + at < lookup.since_ || !stands_at(diary, begin + at, lookup.entry_)) continue;
        lookup.state_ = Lookup::State::found;
        lookup.offset_ = begin + at;
        used += lookup.entry_.size();
      }
    }
    const bool at_end = count < chunk.size() || begin + count >= durable;
    const std::uint64_t next =
        at_end ? durable : begin + count - header_length;  // a header may begin in the last bytes
    for (auto one = wanted.begin(); one != wanted.end();) {
      Lookup& lookup = *one->second;
      const std::uint64_t seen_from = std::max(position_, lookup.since_);
      const std::uint64_t seen_to = std::min(next, *lookup.end_);
      lookup.left_ -= std::min(lookup.left_, seen_to - std::min(seen_from, seen_to));
      if (lookup.state_ == Lookup::State::searching && lookup.left_ == 0) lookup.state_ = Lookup::State::absent;
      one = lookup.state_ == Lookup::State::searching ? std::next(one) : wanted.erase(one);
    }
    used += std::max<std::uint64_t>(next - std::min(next, position_), 1);
    position_ = next;
  }
}

}  // namespace md2
