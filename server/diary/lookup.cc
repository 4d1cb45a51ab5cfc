#include "server/diary/lookup.h"

#include <algorithm>
#include <iterator>

#include "common/diary/entry.h"
#include "server/diary/same_entry.h"

namespace md2 {
void Lookup::restart(std::uint64_t offset) {
  since_ = std::min(since_, offset);
  round_.reset();
  state_ = State::searching;
}

void LookupPass::step(const Diary& diary, const std::vector<Lookup*>& lookups, std::size_t budget) {
  const std::uint64_t durable = diary.durable();
  Wanted wanted;
  HeaderBegin begin;
  std::uint64_t first = durable;  // what anybody may still find begins there
  for (Lookup* const one : lookups) {
    if (one->state_ != Lookup::State::searching) continue;
    if (!one->round_) {
      if (one->since_ > durable) one->since_ = 0;
      one->round_.emplace(one->since_, durable);
    }
    if (one->round_->done()) one->state_ = Lookup::State::absent;
    if (one->round_->done()) continue;
    const std::string_view header = std::string_view(one->entry_).substr(0, header_length);
    wanted.emplace(header, one);
    begin.add(header);
    first = std::min(first, one->since_);
  }
  const HeaderWalk::Read read = [&](std::uint64_t offset, char* to, std::size_t size) {
    return diary.read(offset, to, size);
  };
  const Literal line = begin.line();
  for (std::size_t used = 0; !wanted.empty() && used < budget;) {
    const auto seen = walk_.step(line, read, first, durable, [&](std::uint64_t place, std::string_view from_header) {
      compare(read, wanted, place, from_header, used);
      return used < budget;
    });
    saw(seen, wanted);
    used += std::max<std::uint64_t>(seen.size(), 1);
  }
}

/// The entry at `place` is theirs whose header it has, if all of it is the same. A thousand may look for one header
/// that stands in the diary ten thousand times.
void LookupPass::compare(const HeaderWalk::Read& read, const Wanted& wanted, std::uint64_t place,
                         std::string_view from_header, std::size_t& used) {
  const auto [from, to] = wanted.equal_range(from_header.substr(0, header_length));
  for (auto one = from; one != to; ++one) {
    Lookup& lookup = *one->second;
    if (place < lookup.since_ || lookup.state_ != Lookup::State::searching) continue;
    const std::string_view text = without_end(lookup.entry_);
    const bool may_be = may_be_same(text, from_header);
    used += may_be ? 2 * lookup.entry_.size() + header_length : header_length;
    if (!may_be || !stands_at(read, place, text, from_header)) continue;
    lookup.state_ = Lookup::State::found;
    lookup.offset_ = place;
  }
}

/// Whoever has found his or has seen all of his part wants no more.
void LookupPass::saw(const HeaderWalk::Seen& seen, Wanted& wanted) {
  for (auto one = wanted.begin(); one != wanted.end();) {
    Lookup& lookup = *one->second;
    lookup.round_->saw(seen);
    if (lookup.state_ == Lookup::State::searching && lookup.round_->done()) lookup.state_ = Lookup::State::absent;
    one = lookup.state_ == Lookup::State::searching ? std::next(one) : wanted.erase(one);
  }
}

}  // namespace md2
