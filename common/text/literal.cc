#include "common/text/literal.h"

#include <algorithm>
#include <tuple>

namespace md2 {
namespace {

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

std::optional<TextRange> Literal::find(std::string_view text, std::size_t from) const {
  for (std::size_t at = find_bytes(text, from); at != text.npos; at = find_bytes(text, at + 1)) {
    if (!tag_) return TextRange{at, at + bytes_.size()};
    const std::size_t hash = hash_sign_length_before(text, at);
    if (hash > 0 && tag_name_length(text, at) == bytes_.size()) return TextRange{at - hash, at + bytes_.size()};
  }
  return std::nullopt;
}

std::size_t Literal::find_bytes(std::string_view text, std::size_t from) const {
  if (bytes_.empty() || text.size() < bytes_.size()) return text.npos;
  const std::size_t end = text.size() - bytes_.size() + 1;
  std::size_t at = rarest_.find(text, from, end);
  while (at < end && !matches(text.substr(at, bytes_.size()))) at = rarest_.find(text, at + 1, end);
  return at < end ? at : text.npos;
}

/// `there` is as long as it is.
bool Literal::matches(std::string_view there) const {
  if (!ignore_case_) return there == bytes_;
  return std::equal(bytes_.begin(), bytes_.end(), there.begin(),
                    [](char byte, char other) { return byte == lower(other); });
}

}  // namespace md2
