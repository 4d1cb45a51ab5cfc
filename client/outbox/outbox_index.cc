#include "client/outbox/outbox_index.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "common/diary/entry.h"

namespace md2 {
namespace {

constexpr std::uint32_t max_length = (std::uint32_t{1} << 30) - 1;
static_assert(max_encoded <= max_length);

}  // namespace

std::uint32_t check_of(std::string_view encoded) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>()(encoded));
}

void OutboxIndex::add(std::size_t length, bool in_doubt, std::uint32_t check, std::uint64_t heard) {
  if (heard_.empty() ? heard != 0 : heard != heard_.back().heard) heard_.push_back({next_id(), heard});
  slots_.push_back({static_cast<std::uint32_t>(length) & max_length, in_doubt, 0, check});
  end_ += length;
  ++waiting_;
}

void OutboxIndex::add_gap(std::uint64_t length) {
  for (; length > 0; end_ += slots_.back().length, length -= slots_.back().length) {
    slots_.push_back({static_cast<std::uint32_t>(std::min<std::uint64_t>(length, max_length)) & max_length, 0, 1, 0});
  }
  drop_gone();
}

std::optional<OutboxIndex::Place> OutboxIndex::find(std::uint64_t id) const {
  id = std::max(id, first_id_);
  if (cursor_.id < first_id_ || cursor_.id > id) cursor_ = {first_id_, begin_};
  for (; cursor_.id < next_id(); ++cursor_.id) {
    const Slot& slot = slots_[cursor_.id - first_id_];
    if (cursor_.id >= id && !slot.gone)
      return Place{cursor_.id, cursor_.offset, slot.length, slot.in_doubt != 0, slot.check, heard(cursor_.id)};
    cursor_.offset += slot.length;
  }
  return std::nullopt;
}

std::uint64_t OutboxIndex::heard(std::uint64_t id) const {
  const auto later = std::upper_bound(heard_.begin(), heard_.end(), id,
                                      [](std::uint64_t one, const Heard& heard) { return one < heard.first_id; });
  return later == heard_.begin() ? 0 : std::prev(later)->heard;
}

std::vector<OutboxIndex::Place> OutboxIndex::places() const {
  std::vector<Place> all;
  all.reserve(waiting_);
  for (auto place = find(0); place; place = find(place->id + 1)) all.push_back(*place);
  return all;
}

OutboxIndex::Slot* OutboxIndex::slot(std::uint64_t id) {
  if (id < first_id_ || id >= next_id()) return nullptr;
  Slot& slot = slots_[id - first_id_];
  return slot.gone ? nullptr : &slot;
}

void OutboxIndex::mark_sent(std::uint64_t id) {
  if (Slot* const found = slot(id)) found->in_doubt = 1;
}

void OutboxIndex::remove(std::uint64_t id) {
  Slot* const found = slot(id);
  if (found == nullptr) return;
  found->gone = 1;
  --waiting_;
  drop_gone();
}

void OutboxIndex::drop_gone() {
  for (; !slots_.empty() && slots_.front().gone; slots_.pop_front(), ++first_id_) begin_ += slots_.front().length;
  while (heard_.size() > 1 && heard_[1].first_id <= first_id_) heard_.pop_front();
}

}  // namespace md2
