#include "server/diary/correction_list.h"

#include <algorithm>
#include <array>
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
constexpr std::size_t filter_bits = 21;  ///< 256 KiB
constexpr std::size_t word_bits = 64;
constexpr std::size_t filter_words = (std::size_t{1} << filter_bits) / word_bits;

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

constexpr std::size_t at_once = 1024;  ///< so many are written or read

template <typename List>
void write_pieces(const List& list, const CorrectionFile::Sink& sink) {
  std::vector<typename List::value_type> piece;
  for (std::size_t at = 0; at < list.size(); at += piece.size()) {
    const auto begin = list.begin() + static_cast<std::ptrdiff_t>(at);
    piece.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(at_once, list.size() - at)));
    sink({reinterpret_cast<const char*>(piece.data()), piece.size() * sizeof piece[0]});
  }
}

template <typename List>
bool read_pieces(List& list, std::uint64_t size, const CorrectionFile::Source& source) {
  std::vector<typename List::value_type> piece;
  while (list.size() < size) {
    piece.resize(std::min<std::uint64_t>(at_once, size - list.size()));
    if (!source(reinterpret_cast<char*>(piece.data()), piece.size() * sizeof piece[0])) return false;
    list.insert(list.end(), piece.begin(), piece.end());
  }
  return true;
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
  if (named_.empty()) named_.resize(filter_words);
  const std::size_t bit = filter_bit(to_string(ink.of.time));
  named_[bit / word_bits] |= std::uint64_t{1} << bit % word_bits;
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
  if (named_.empty()) return false;
  const std::size_t bit = filter_bit(raw.substr(1, timestamp_length));
  return (named_[bit / word_bits] >> bit % word_bits & 1U) != 0;
}

void CorrectionList::write(const CorrectionFile::Sink& sink) const {
  for (const std::uint64_t size : {inks_.size(), entries_.size(), chains_.size(), named_.size()}) {
    sink({reinterpret_cast<const char*>(&size), sizeof size});
  }
  write_pieces(inks_, sink);
  write_pieces(entries_, sink);
  write_pieces(chains_, sink);
  write_pieces(named_, sink);
}

bool CorrectionList::read(const CorrectionFile::Source& source) {
  std::array<std::uint64_t, 4> sizes{};
  const auto number_is_known = [&](std::uint32_t number, std::uint64_t size) {
    return number == none || number < size;
  };
  const bool whole = source(reinterpret_cast<char*>(sizes.data()), sizeof sizes) && sizes[0] <= most &&
                     sizes[1] <= most && sizes[2] <= most_chains && (sizes[3] == 0 || sizes[3] == filter_words) &&
                     read_pieces(inks_, sizes[0], source) && read_pieces(entries_, sizes[1], source) &&
                     read_pieces(chains_, sizes[2], source) && read_pieces(named_, sizes[3], source) &&
                     std::all_of(inks_.begin(), inks_.end(),
                                 [&](const Packed& ink) {
                                   return number_is_known(ink.next, sizes[0]) && number_is_known(ink.entries, sizes[1]);
                                 }) &&
                     std::all_of(entries_.begin(), entries_.end(),
                                 [&](const PackedEntry& entry) { return number_is_known(entry.next, sizes[1]); }) &&
                     std::all_of(chains_.begin(), chains_.end(),
                                 [&](std::uint32_t number) { return number_is_known(number, sizes[0]); });
  if (!whole) clear();
  return whole;
}

}  // namespace md2
