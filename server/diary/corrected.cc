#include "server/diary/corrected.h"

#include <algorithm>
#include <utility>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "server/diary/item_at.h"

namespace md2 {

bool Corrected::may_concern(std::string_view raw) const {
  if (raw.size() < header_length || raw[0] != '[' || list_.empty()) return false;
  return raw.substr(header_length).starts_with(correction_sign) || list_.may_name(raw);
}

Corrected::Shown Corrected::shown(std::uint64_t place, std::string_view raw) {
  const auto time = parse_header(raw);
  if (!time) return {};
  std::string scratch;
  const std::string_view text = item_text(raw, true, scratch);
  if (const auto correction = parse_correction(text)) return shown_correction(place, correction->of);
  std::optional<std::uint32_t> known;
  bool named = false;
  list_.each_entry(*time, [&](const CorrectionList::Entry& entry) {
    if (entry.place == place) known = entry.hash;
  });
  list_.each_of(*time, [&](std::size_t number) { named = named || list_[number].place < end_; });
  if (!known) stale_ = stale_ || named;
  if (!known) return {};
  const auto number = latest(*time, *known);
  if (!number) return {};
  if (!list_[*number].strikes) return {Shown::As::corrected, *number, *known};
  if (name_hash(text) != *known) stale_ = true;
  read(*number);  // what strikes it out may be gone
  return {Shown::As::nothing};
}

Corrected::Shown Corrected::shown_correction(std::uint64_t place, const EntryName& name) {
  bool known = false;
  list_.each_of(name.time, [&](std::size_t number) { known = known || list_[number].place == place; });
  if (!known) stale_ = true;
  return {is_placed(name) ? Shown::As::nothing : Shown::As::is};
}

std::optional<std::size_t> Corrected::latest(Timestamp time, std::uint32_t hash) {
  std::optional<std::size_t> latest;
  std::int64_t when = 0;
  const bool one = means_one(time);
  list_.each_of(time, [&](std::size_t number) {
    const CorrectionList::Ink ink = list_[number];
    const bool means_it = ink.of.hash ? *ink.of.hash == hash : one;
    if (ink.place >= end_ || !means_it) return;
    if (!latest || ink.when > when) {
      latest = number;
      when = ink.when;
    } else if (ink.when == when) {
      const auto text = read(number);
      const auto other = read(*latest);
      if (text && other && text->text > other->text) latest = number;
    }
  });
  return latest;
}

/// True when all entries that bear the time have one text.
bool Corrected::means_one(Timestamp time) const {
  std::optional<std::uint32_t> hash;
  bool one = true;
  list_.each_entry(time, [&](const CorrectionList::Entry& entry) {
    if (entry.place >= end_) return;
    one = one && entry.hash == hash.value_or(entry.hash);
    hash = entry.hash;
  });
  return one;
}

bool Corrected::is_placed(const EntryName& name) {
  std::optional<CorrectionList::Entry> meant;
  list_.each_entry(name.time, [&](const CorrectionList::Entry& entry) {
    if (entry.place < end_ && entry.hash == name.hash.value_or(entry.hash)) meant = entry;
  });
  if (!meant || (!name.hash && !means_one(name.time))) return false;
  const std::string raw = item(meant->place);
  std::string scratch;
  const bool there = parse_header(raw) == name.time && name_hash(item_text(raw, true, scratch)) == meant->hash;
  if (!there) stale_ = true;
  return true;
}

bool Corrected::misses(const EntryName& name) const {
  bool any = false;
  list_.each_entry(name.time, [&](const CorrectionList::Entry& entry) { any = any || entry.place < end_; });
  return any;
}

/// Nothing when another item stands there now.
std::optional<Correction> Corrected::read(std::size_t number) {
  const CorrectionList::Ink ink = list_[number];
  const std::string raw = item(ink.place);
  const auto time = parse_header(raw);
  std::string scratch;
  auto correction = time ? parse_correction(item_text(raw, true, scratch)) : std::nullopt;
  if (correction && time->micros == ink.when && correction->of == ink.of && correction->strikes() == ink.strikes) {
    return correction;
  }
  stale_ = true;
  return std::nullopt;
}

std::string Corrected::pair(std::string_view raw, const Shown& shown) {
  std::string scratch;
  if (name_hash(item_text(raw, true, scratch)) != shown.hash) stale_ = true;
  std::string ink = read(shown.number) ? item(list_[shown.number].place) : std::string();
  constexpr std::size_t name_ends = header_length + correction_sign.size() + timestamp_length;
  const bool by_hand = !ink.empty() && !list_[shown.number].of.hash;
  if (by_hand) ink.insert(name_ends, '#' + written_hash(shown.hash));
  std::string both(raw);
  both.append(missing_newlines(raw, true), '\n');
  both += ink;
  return both.append(missing_newlines(ink, true), '\n');
}

std::string Corrected::newest(std::size_t number) {
  if (list_[number].strikes) return {};
  const auto correction = read(number);
  return correction ? encode({correction->of.time, correction->text}) : std::string();
}

std::vector<std::uint64_t> Corrected::places(Timestamp time, std::string_view text) {
  std::vector<std::uint64_t> places;
  list_.each_entry(time, [&](const CorrectionList::Entry& entry) {
    const auto number = entry.place < end_ ? latest(time, entry.hash) : std::nullopt;
    const auto correction = number ? read(*number) : std::nullopt;
    if (correction && correction->text == text) places.push_back(entry.place);
  });
  return places;
}

std::string Corrected::item(std::uint64_t place) const {
  return item_at(read_, place, end_);
}

}  // namespace md2
