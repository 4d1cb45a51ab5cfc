#include "common/text/literal.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace md2 {
namespace {

/// Bytes of a literal by which most places show that it does not stand there.
constexpr std::size_t first_compared = 16;

/// Bytes that may be compared in vain before the search goes another way: in all, and for each byte of the text. What
/// people write comes nowhere near.
constexpr std::size_t most_wasted = 8192;
constexpr std::size_t wasted_a_byte = 8;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// How rare the byte at `at` is in a diary, as a guess: more is rarer. Headers are made of digits and what parts them.
int rarity(std::string_view bytes, std::size_t at) {
  constexpr std::string_view everywhere = " \n]-:.+";
  constexpr std::string_view common = "etaoinshrdlu0123456789";
  const auto byte = static_cast<unsigned char>(bytes[at]);
  if (byte >= 0xc0) return 0;
  if (byte < 0x80) return everywhere.find(bytes[at]) != bytes.npos ? 0 : common.find(bytes[at]) != bytes.npos ? 1 : 2;
  const bool ends_character = at + 1 == bytes.size() || (bytes[at + 1] & 0xc0) != 0x80;
  return ends_character ? 3 : 2;
}

}  // namespace

Literal::Literal(std::string_view bytes, bool ignore_case, bool tag)
    : bytes_(bytes), ignore_case_(ignore_case), tag_(tag) {
  std::size_t rarest = 0;
  for (std::size_t i = 1; i < bytes_.size(); ++i) {
    if (rarity(bytes_, i) >= rarity(bytes_, rarest)) rarest = i;
  }
  // Another byte where there is one, because in a row of the same two say no more than one; and one far away, because
  // neighbours come as one word.
  const auto score = [&](std::size_t i) {
    const std::size_t distance = i < rarest ? rarest - i : i - rarest;
    return std::tuple(bytes_[i] != bytes_[rarest], rarity(bytes_, i), distance);
  };
  std::size_t second = rarest;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (score(i) > score(second)) second = i;
  }
  if (!bytes_.empty()) rarest_ = {rarest, second, bytes_[rarest], bytes_[second], ignore_case};
}

std::optional<TextRange> Literal::find(std::string_view text, std::size_t from, std::size_t* wasted) const {
  std::size_t unasked = 0;
  if (wasted == nullptr) wasted = &unasked;
  for (std::size_t at = find_bytes(text, from, *wasted); at != text.npos; at = find_bytes(text, at + 1, *wasted)) {
    if (!tag_) return TextRange{at, at + bytes_.size()};
    const std::size_t hash = hash_sign_length_before(text, at);
    if (hash > 0 && tag_name_length(text, at) == bytes_.size()) return TextRange{at - hash, at + bytes_.size()};
  }
  return std::nullopt;
}

std::size_t Literal::find_bytes(std::string_view text, std::size_t from, std::size_t& wasted) const {
  if (bytes_.empty() || text.size() < bytes_.size()) return text.npos;
  const std::size_t end = text.size() - bytes_.size() + 1;
  const std::size_t most = wasted + most_wasted;
  std::size_t at = rarest_.find(text, from, end);
  while (at < end && !matches(text.substr(at, bytes_.size()), wasted)) {
    if (wasted > most + (at - from) * wasted_a_byte) return find_by_prefixes(text, at + 1);
    at = rarest_.find(text, at + 1, end);
  }
  return at < end ? at : text.npos;
}

bool Literal::same(std::string_view there, std::size_t begin) const {
  const std::string_view here = std::string_view(bytes_).substr(begin, there.size());
  if (!ignore_case_) return there == here;
  return std::equal(here.begin(), here.end(), there.begin(),
                    [](char byte, char other) { return byte == lower(other); });
}

/// `there` is as long as it is. Where it is another, adds to `wasted` what it took to see that. Most places that are
/// none show at once.
bool Literal::matches(std::string_view there, std::size_t& wasted) const {
  const std::string_view first = there.substr(0, first_compared);
  if (!same(first, 0)) {
    wasted += first.size();
    return false;
  }
  if (same(there.substr(first.size()), first.size())) return true;
  wasted += there.size();
  return false;
}

/// Knuth, Morris and Pratt, "Fast pattern matching in strings" (1977): no byte of the text is looked at twice. The
/// two-way algorithm of memmem(3) would be twice as fast, but can't ignore case; and this is for texts that are made to
/// be slow.
std::size_t Literal::find_by_prefixes(std::string_view text, std::size_t from) const {
  // Of each prefix the length of the longest shorter one that it ends in.
  std::vector<std::size_t> shorter(bytes_.size() + 1);
  std::size_t length = 0;
  for (std::size_t i = 1; i < bytes_.size(); ++i) {
    while (length > 0 && bytes_[length] != bytes_[i]) length = shorter[length];
    if (bytes_[length] == bytes_[i]) ++length;
    shorter[i + 1] = length;
  }
  length = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const char byte = ignore_case_ ? lower(text[at]) : text[at];
    while (length > 0 && bytes_[length] != byte) length = shorter[length];
    if (bytes_[length] == byte) ++length;
    if (length == bytes_.size()) return at + 1 - length;
  }
  return text.npos;
}

}  // namespace md2
