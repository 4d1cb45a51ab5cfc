#include "server/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/os/language.h"
#include "server/cursor.h"
#include "server/turn.h"

namespace md2 {
namespace {

constexpr std::uint64_t small_diary = std::uint64_t{64} << 10;

Message too_many_corrections() {
  return {Verb::broken, 0,
          tr("the diary has more than {} corrections: it can be read as it was written, with --all; "
             "`md2server --purge` makes them final",
             CorrectionList::most)};
}

}  // namespace

Message Read::message(const Diary& diary) const {
  const DiaryPlace place = last_place(diary, end);
  return {Verb::end, count, {}, place.offset, {}, place.check};
}

Reading::Reading(Diary& diary, Query query, Of what)
    : diary_(&diary),
      whole_(std::make_shared<std::string>()),
      search_(std::make_unique<Search>(std::move(query), diary.durable(),
                                       [&diary, whole = whole_](std::uint64_t offset, char* to, std::size_t size) {
                                         if (whole->empty()) return diary.read(offset, to, size);
                                         return offset < whole->size() ? whole->copy(to, size, offset) : 0;
                                       })),
      what_(what) {}

std::optional<std::variant<Read, Message>> Reading::go_on(std::string& out, std::size_t budget) {
  if (const State state = begun_ ? State::begun : begin(); state != State::begun) {
    if (state == State::impossible) return too_many_corrections();
    rested_ = true;
    return std::nullopt;
  }
  if (generation_ && *generation_ != diary_->corrections().generation()) return broken();
  std::string found;
  const bool more = search_->step(slice_budget, std::min(budget - framing_size, piece_size), found);
  if (search_->stale()) {
    diary_->corrections().forget();
    return broken();
  }
  if (!found.empty()) append_message(out, Verb::found, 0, found);
  if (!more) return Read{search_->count(), search_->end(), !rested_ && !in_doubt(), {}};
  rested_ = true;
  return std::nullopt;
}

/// The list of corrections is of an earlier turn, and a save of the owner's may hide behind an append of ours.
bool Reading::in_doubt() const {
  return generation_ && !diary_->corrections().list().empty() && diary_->may_hide_a_save();
}

/// Between two turns the owner may save with the size and the times as they were, and half of either state would be
/// shown. In a large diary, which is read in as many turns as it takes, such a save may pass.
void Reading::take_small_diary() {
  const std::uint64_t size = diary_->durable();
  if (size > small_diary) return;
  whole_->resize(size);
  if (diary_->read(0, whole_->data(), size) < size) whole_->clear();
}

Reading::State Reading::begin() {
  if (what_ == Of::written) {
    take_small_diary();
    search_->begin(diary_->durable());
  } else {
    const auto read = [this](std::uint64_t offset, char* to, std::size_t size) {
      return diary_->read(offset, to, size);
    };
    Corrections& corrections = diary_->corrections();
    if (!corrections.step(read, diary_->durable(), slice_budget)) return State::waits;
    if (corrections.too_many()) return State::impossible;
    take_small_diary();
    search_->begin(diary_->durable(), corrections.list(), corrections.texts());
    generation_ = corrections.generation();
  }
  begun_ = true;
  return State::begun;
}

Message Reading::stopped() const {
  return Read{search_->count(), search_->end(), true, {}}.message(*diary_);
}

Message Reading::broken() {
  return {Verb::broken, 0, tr_later("the diary was changed while it was read")};
}

}  // namespace md2
