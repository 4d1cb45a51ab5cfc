#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// One character of UTF-8 text. A byte that is not part of valid UTF-8 counts as U+FFFD with length 1.
struct Character {
  char32_t code = 0;
  std::size_t length = 0;  ///< bytes, 1 to 4

  bool broken() const { return code == 0xfffd && length == 1; }
};

/// How many bytes the character has that begins so, as it claims; 1 for ASCII, and for what can't begin one.
std::size_t claimed_length(char first);

/// A byte of a character behind its first.
inline bool goes_on(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

namespace detail {
Character checked_character_at(std::string_view text, std::size_t at);
int other_width_of(char32_t code);
}  // namespace detail

/// The character that begins at `at`, which must be inside `text`. ASCII and nearly all that has three bytes are
/// decoded in place: Chinese, with its punctuation.
inline Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  // Behind E0 and ED not every pair of bytes is valid (RFC 3629, 4).
  const bool plain = byte(0) >= 0xe1 && byte(0) <= 0xef && byte(0) != 0xed && text.size() - at >= 3 &&
                     (byte(1) & 0xc0) == 0x80 && (byte(2) & 0xc0) == 0x80;
  if (!plain) return detail::checked_character_at(text, at);
  return {(byte(0) & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU), 3};
}

/// Where the character begins that ends before `at`, which must be greater than 0 and where one ends.
std::size_t character_before(std::string_view text, std::size_t at);

/// Appends the character as UTF-8; it must be one (no surrogate).
void append_character(std::string& out, char32_t code);

// What Unicode says of a character is asked of utf8proc(3), whatever the locale.

/// Blank on the screen: ASCII white space, the no-break space, the ideographic space U+3000 and their kin (Z), the next
/// line U+0085, and what takes no column: the zero-width space and the byte order mark.
bool is_space(char32_t code);

/// Punctuation (P) and signs of mathematics, of money and such as `^` (Sm, Sc, Sk). Not: signs that write words (the
/// iteration mark U+3005, the zero U+3007), emoji, and what joins or colours them.
bool is_punctuation(char32_t code);

/// A capital or a title-case letter (Lu, Lt).
bool is_capital(char32_t code);

/// A small letter that is cased (Ll).
bool is_small(char32_t code);

/// Belongs to the character before it (M): an accent, a vowel sign, a variation selector.
bool is_mark(char32_t code);

inline bool is_ideograph(char32_t code) {
  return code >= 0x3400 && code <= 0x9fff;
}

/// Columns that a terminal gives the character, 0 for a combining one. For several that stand together see cluster.h.
inline int width_of(char32_t code) {
  return code < 0x7f ? 1 : code >= 0x4e00 && code <= 0x9fff ? 2 : detail::other_width_of(code);
}

/// A character that terminals show two columns wide: of East Asian text, or an emoji.
inline bool is_wide(char32_t code) {
  return code >= 0x1100 && width_of(code) == 2;
}

/// Ends a line or paragraph where no newline stands (U+2028, U+2029), or lets what comes next be shown in another order
/// than it is written in: embeddings, overrides and isolates of the bidirectional algorithm. What they do reaches
/// beyond the text that holds them. The marks U+200E, U+200F and U+061C do nothing of the kind, and Hebrew and Arabic
/// need them.
constexpr bool rearranges(char32_t code) {
  return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x206f);
}

}  // namespace md2
