#include "server/diary/search.h"

#include <algorithm>
#include <utility>

#include "server/diary/item_at.h"
#include "server/diary/matches.h"

namespace md2 {
namespace {

/// Bytes that may be read in the time that it takes to ask about one correction, or what is shown of one item.
constexpr std::size_t cost_of_one = 4096;

}  // namespace

Search::Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk)
    : query_(query), read_(read), scanner_(std::move(query), std::move(read), chunk) {
  begin(end);
}

void Search::begin(std::uint64_t end, const CorrectionList* list) {
  last_ = query_.last;
  begin_ = last_ ? end : 0;
  end_ = end;
  scanner_.seek(begin_, end_);
  if (list == nullptr || list->empty()) return;
  corrected_.emplace(*list, read_, end);
  one_by_one_ = query_.parts.empty();
  if (one_by_one_) {
    scanner_.give_alone([this](std::string_view raw) { return corrected_->may_concern(raw); });
  } else {
    corrections_ = list->size();
  }
}

bool Search::step(std::size_t budget, std::size_t size, std::string& out) {
  const std::size_t limit = out.size() + size;
  used_ = 0;
  scanner_.resume();
  if (!find_places(budget)) return true;
  out += std::exchange(pending_, {});
  while (out.size() < limit) {
    if (const auto match = scanner_.next(limit - out.size())) {
      take(*match, out);
      if (used_ < budget) continue;  // else the rest of the chunk may as well be read again
    } else if (scanner_.at_end() && !go_on(out)) {
      return false;
    }
    // Only here, or what is left of the chunk would be read again.
    if (scanner_.work() + used_ >= budget) break;
  }
  if (out.size() > limit) {
    pending_ = out.substr(limit);
    out.resize(limit);
  }
  return true;
}

/// Asks the corrections whether their texts match. True when all have been asked.
bool Search::find_places(std::size_t budget) {
  if (asked_ == corrections_) return true;
  std::string scratch;
  for (; asked_ < corrections_ && used_ < budget; ++asked_) {
    used_ += cost_of_one;
    const std::string item = corrected_->newest(asked_);
    if (item.empty() || !matches(query_, item, true, scratch)) continue;
    const std::vector<std::uint64_t> places = corrected_->places(asked_);
    places_.insert(places_.end(), places.begin(), places.end());
  }
  if (asked_ < corrections_) return false;
  std::sort(places_.begin(), places_.end());
  if (!last_) give_from(begin_);
  return true;
}

/// Sends the scanner to where the search goes on. False when all is done.
bool Search::go_on(std::string& out) {
  if (last_) return count_back();
  if (next_place_ == places_.size()) return false;
  give_next_place(out);
  return true;
}

bool Search::count_back() {
  if (counted_ < *last_ && begin_ > 0) {
    const std::uint64_t end = begin_;
    begin_ = scanner_.seek_before(end);
    counted_ += places_before(end) - places_before(begin_);
    return true;
  }
  skip_ = counted_ - std::min(counted_, *last_);
  last_.reset();
  give_from(begin_);
  return counted_ > 0;
}

/// Only up to the next entry whose newest text matches.
void Search::give_from(std::uint64_t place) {
  next_place_ = places_before(place);
  scanner_.seek(place, next_place_ < places_.size() ? places_[next_place_] : end_);
}

std::size_t Search::places_before(std::uint64_t place) const {
  return static_cast<std::size_t>(std::lower_bound(places_.begin(), places_.end(), place) - places_.begin());
}

void Search::take(const Scanner::Match& match, std::string& out) {
  std::optional<std::size_t> correction;
  if (corrected_ && corrected_->may_concern(match.raw)) {
    using As = Corrected::Shown::As;
    used_ += cost_of_one;
    const auto shown = corrected_->shown(match.place, match.raw);
    // What a query is asked of is the newest text: places_ has those that match.
    if (shown.as == As::nothing || (shown.as == As::corrected && !one_by_one_)) return;
    if (shown.as == As::corrected) correction = shown.number;
  }
  if (!counts_or_is_skipped()) give(match, correction, out);
}

void Search::give_next_place(std::string& out) {
  used_ += cost_of_one;
  const std::uint64_t place = places_[next_place_];
  const std::string raw = corrected_->item(place);
  const auto shown = corrected_->shown(place, raw);
  give_from(place + std::max<std::size_t>(raw.size(), 1));
  if (shown.as != Corrected::Shown::As::corrected) {
    stale_ = true;
  } else if (!counts_or_is_skipped()) {
    give({raw, place, 1, missing_newlines(raw, true)}, shown.number, out);
  }
}

/// False for what is to be given out.
bool Search::counts_or_is_skipped() {
  if (last_) {
    ++counted_;
  } else if (skip_ > 0) {
    --skip_;
  } else {
    return false;
  }
  return true;
}

void Search::give(const Scanner::Match& match, std::optional<std::size_t> correction, std::string& out) {
  count_ += match.items;
  out += match.raw;
  out.append(correction ? missing_newlines(match.raw, true) : match.newlines, '\n');
  if (correction) out += corrected_->ink(*correction);
}

}  // namespace md2
