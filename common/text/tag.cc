#include "common/text/tag.h"

#include <algorithm>

#include "common/text/character.h"

namespace md2 {
namespace {

constexpr std::string_view full_width_hash = "＃";

/// Bytes of the character at `at` if a name can hold it anywhere, else 0.
std::size_t name_character(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const Character c = character_at(text, at);
  if (is_ideograph(c.code)) return c.length;
  if (c.code == '_') return 1;
  const bool fits = c.code > 0x20 && c.code != 0x7f && c.code != 0xfffd && !is_space(c.code) && !is_punctuation(c.code);
  return fits ? c.length : 0;
}

}  // namespace

std::size_t hash_sign_length(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.starts_with('#') ? 1 : rest.starts_with(full_width_hash) ? full_width_hash.size() : 0;
}

std::size_t hash_sign_length_before(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return before.ends_with('#') ? 1 : before.ends_with(full_width_hash) ? full_width_hash.size() : 0;
}

std::size_t tag_name_length(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (;;) {
    if (const std::size_t length = name_character(text, end)) {
      end += length;
      continue;
    }
    const bool joint = end > at && end < text.size() && text[end] == '-';
    if (!joint || name_character(text, end + 1) == 0) return end - at;
    ++end;
  }
}

std::size_t first_hash(std::string_view text) {
  const std::string_view before = text.substr(0, text.find('#'));
  return std::min(before.find(full_width_hash), before.size());
}

std::optional<TextRange> find_tag(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] != '#' && text[at] != full_width_hash.back()) continue;
    const std::size_t hash = hash_sign_length_before(text, at + 1);
    if (hash == 0 || at + 1 - hash < from) continue;
    if (const std::size_t name = tag_name_length(text, at + 1)) return TextRange{at + 1 - hash, at + 1 + name};
  }
  return std::nullopt;
}

}  // namespace md2
