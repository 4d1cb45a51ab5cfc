#include "server/diary/search.h"

#include <algorithm>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/diary/matches.h"

namespace md2 {
namespace {

// Bytes that may be read in the time that it takes
constexpr std::size_t cost_of_item = 512;         // to know what is shown of an item
constexpr std::size_t cost_of_correction = 4096;  // to read one

}  // namespace

Search::Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk)
    : query_(query), read_(read), scanner_(std::move(query), std::move(read), chunk) {
  begin(end);
}

void Search::begin(std::uint64_t end) {
  last_ = query_.last;
  begin_ = last_ ? end : 0;
  end_ = end;
  scanner_.seek(begin_, end_);
}

void Search::begin(std::uint64_t end, const CorrectionList& list, CorrectionFile* texts) {
  begin(end);
  if (list.empty()) return;
  corrected_.emplace(list, read_, end);
  one_by_one_ = query_.parts.empty();
  places_known_ = one_by_one_;
  if (one_by_one_) return scanner_.give_alone([this](std::string_view raw) { return corrected_->may_concern(raw); });
  corrections_ = list.size();
  texts_ = texts;
  if (texts_ == nullptr) return;
  Query any = query_;
  any.last.reset();
  in_texts_.emplace(
      std::move(any),
      [texts](std::uint64_t offset, char* to, std::size_t size) { return texts->read(offset, to, size); },
      Scanner::default_chunk);
  in_texts_->seek(0, texts_->size());
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

/// True when all entries are known whose newest text matches.
bool Search::find_places(std::size_t budget) {
  if (places_known_) return true;
  places_known_ = in_texts_ ? look_through_texts(budget) : ask_each(budget);
  if (!places_known_) return false;
  std::sort(places_.begin(), places_.end());
  places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  if (!last_) give_from(begin_);
  return true;
}

bool Search::ask_each(std::size_t budget) {
  std::string scratch;
  for (; asked_ < corrections_ && used_ < budget; ++asked_) {
    used_ += cost_of_correction;
    const std::string item = corrected_->newest(asked_);
    if (!item.empty() && matches(query_, item, true, scratch)) take_newest(item);
  }
  return asked_ == corrections_;
}

bool Search::look_through_texts(std::size_t budget) {
  in_texts_->resume();
  while (in_texts_->work() + used_ < budget) {
    if (const auto match = in_texts_->next(0)) {
      take_newest(match->raw);
    } else if (in_texts_->at_end()) {
      stale_ = stale_ || !texts_->usable();
      return true;
    }
  }
  return false;
}

/// An item of the texts matches: so do the entries for which it counts.
void Search::take_newest(std::string_view item) {
  used_ += cost_of_correction;
  std::string scratch;
  const auto places = corrected_->places(*parse_header(item), item_text(item, true, scratch));
  places_.insert(places_.end(), places.begin(), places.end());
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
  using As = Corrected::Shown::As;
  Corrected::Shown shown;
  if (corrected_ && corrected_->may_concern(match.raw)) {
    used_ += cost_of_item;
    shown = corrected_->shown(match.place, match.raw);
    // What a query is asked of is the newest text: places_ has those that match.
    if (shown.as == As::nothing || (shown.as == As::corrected && !one_by_one_)) return;
  }
  if (!counts_or_is_skipped()) give(match, shown, out);
}

void Search::give_next_place(std::string& out) {
  const std::uint64_t place = places_[next_place_];
  const std::string raw = corrected_->item(place);
  const auto shown = corrected_->shown(place, raw);
  used_ += cost_of_item;
  give_from(place + std::max<std::size_t>(raw.size(), 1));
  if (shown.as != Corrected::Shown::As::corrected) {
    stale_ = true;
  } else if (!counts_or_is_skipped()) {
    give({raw, place, 1, 0}, shown, out);
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

void Search::give(const Scanner::Match& match, const Corrected::Shown& shown, std::string& out) {
  count_ += match.items;
  if (shown.as == Corrected::Shown::As::corrected) {
    used_ += cost_of_correction;
    out += corrected_->pair(match.raw, shown);
  } else {
    out += match.raw;
    out.append(match.newlines, '\n');
  }
}

}  // namespace md2
