#include "server/diary/correction_list.h"

#include <cstring>
#include <string>

#include "common/diary/entry.h"

namespace md2 {
namespace {

constexpr int minutes_a_day = 24 * 60;
constexpr std::size_t fewest_chains = std::size_t{1} << 10;
constexpr std::size_t most_chains = std::size_t{1} << 18;
constexpr std::size_t growth = 16;       ///< rarely, and never with so many that a turn would take long
constexpr std::size_t a_chain = 2;       ///< corrections for each, before there are more chains
constexpr std::size_t filter_bits = 20;  ///< 128 KiB

std::uint64_t mixed(std::uint64_t bits) {
  bits *= 0x9e3779b97f4a7c15U;
  return bits ^ (bits >> 32U);
}

/// Of a written time: all but the century and the zone, which say little.
std::size_t filter_bit(std::string_view time) {
  std::uint64_t hash = 0;
  for (const std::size_t at : {std::size_t{2}, std::size_t{10}, std::size_t{18}}) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, time.data() + at, sizeof bytes);
    hash = mixed(hash ^ bytes);
  }
  return hash >> (64 - filter_bits);
}

std::size_t hash_of(Timestamp time) {
  return mixed(static_cast<std::uint64_t>(time.micros) + static_cast<std::uint64_t>(time.offset_minutes));
}

}  // namespace

Timestamp CorrectionList::time_of(const Packed& ink) {
  return {ink.named, static_cast<int>(ink.zone) - minutes_a_day};
}

std::uint32_t& CorrectionList::chain_of(Timestamp time) {
  return chains_[hash_of(time) % chains_.size()];
}

bool CorrectionList::add(const Ink& ink) {
  if (inks_.size() >= most) return false;
  if (named_.empty()) named_.resize(std::size_t{1} << filter_bits);
  named_[filter_bit(to_string(ink.of.time))] = true;
  Packed packed{};
  packed.place = ink.place & ((std::uint64_t{1} << 48U) - 1);
  packed.zone = static_cast<unsigned>(ink.of.time.offset_minutes + minutes_a_day) & 0xfffU;
  packed.strikes = ink.strikes;
  packed.has_hash = ink.of.hash.has_value();
  packed.named = ink.of.time.micros;
  packed.when = ink.when;
  packed.hash = ink.of.hash.value_or(0);
  packed.entries = none;
  inks_.push_back(packed);
  if (inks_.size() > a_chain * chains_.size() && chains_.size() < most_chains) {
    grow();
  } else {
    link(static_cast<Number>(inks_.size() - 1));
  }
  return true;
}

/// Behind the first that names its time, or, as such, in front of the chain.
void CorrectionList::link(Number number) {
  Packed& ink = inks_[number];
  if (const Number first = find(time_of(ink)); first != none) {
    ink.next = inks_[first].next;
    inks_[first].next = number & most;
  } else {
    std::uint32_t& chain = chain_of(time_of(ink));
    ink.next = chain & most;
    chain = number;
  }
}

void CorrectionList::grow() {
  chains_.assign(chains_.empty() ? fewest_chains : growth * chains_.size(), none);
  for (Number number = 0; number < inks_.size(); ++number) link(number);
}

CorrectionList::Number CorrectionList::find(Timestamp time) const {
  if (chains_.empty()) return none;
  Number at = chains_[hash_of(time) % chains_.size()];
  while (at != none && time_of(inks_[at]) != time) at = inks_[at].next;
  return at;
}

bool CorrectionList::add_entry(Timestamp time, Entry entry) {
  if (entries_.size() >= most) return false;
  Packed& first = inks_[find(time)];
  entries_.push_back({entry.place, entry.hash, first.entries});
  first.entries = (entries_.size() - 1) & most;
  return true;
}

void CorrectionList::clear() {
  *this = {};
}

CorrectionList::Ink CorrectionList::operator[](std::size_t number) const {
  const Packed& packed = inks_[number];
  const auto hash = packed.has_hash ? std::optional(packed.hash) : std::nullopt;
  return {packed.place, packed.when, {time_of(packed), hash}, packed.strikes != 0};
}

bool CorrectionList::names_since(std::size_t number, Timestamp time) const {
  const Number first = find(time);
  return first != none && first >= number;
}

bool CorrectionList::may_name(std::string_view raw) const {
  return !named_.empty() && named_[filter_bit(raw.substr(1, timestamp_length))];
}

}  // namespace md2
