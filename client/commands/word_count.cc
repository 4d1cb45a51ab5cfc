#include "client/commands/word_count.h"

#include <utf8proc.h>

#include <array>

#include "common/text/character.h"

namespace md2 {
namespace {

enum class Part : unsigned char {
  none,       ///< ends a word
  character,  ///< counts by itself
  letter,     ///< begins a word or goes on with one
  joint,      ///< goes on with a word, and begins none
};

constexpr std::array<Part, 128> parts_of_ascii = [] {
  std::array<Part, 128> parts{};
  for (unsigned char c = '0'; c <= '9'; ++c) parts[c] = Part::letter;
  for (unsigned char c = 'a'; c <= 'z'; ++c) parts[c] = Part::letter;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) parts[c] = Part::letter;
  parts['\''] = parts['-'] = parts['_'] = Part::joint;
  return parts;
}();

bool is_counted_character(char32_t code) {
  constexpr struct {
    char32_t first, last;
  } blocks[] = {
      {0x3005, 0x3007},    // the iteration mark and the zero
      {0x3041, 0x30ff},    // kana
      {0x3100, 0x312f},    // bopomofo
      {0xf900, 0xfaff},    // ideographs for compatibility
      {0x20000, 0x3fffd},  // rare ones
  };
  for (const auto& block : blocks) {
    if (code >= block.first && code <= block.last) return true;
  }
  return false;
}

Part part_of_rest(char32_t code) {
  if (is_counted_character(code)) return Part::character;
  if (code == 0x2019 || code == 0x2010 || code == 0x200d) return Part::joint;  // apostrophe, hyphen, joiner
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Part::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
      return Part::joint;
    default:
      return Part::none;
  }
}

Part part_of(char32_t code) {
  if (code < parts_of_ascii.size()) return parts_of_ascii[code];
  if (is_ideograph(code)) return Part::character;
  // Chinese punctuation, which is nearly all of the rest in a Chinese text.
  if ((code >= 0x3000 && code < 0x3005) || (code >= 0x3008 && code <= 0x3011) || code == 0xff0c) return Part::none;
  return part_of_rest(code);
}

}  // namespace

void WordCount::add(std::string_view text) {
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    at += c.length;
    const Part part = c.broken() ? Part::none : part_of(c.code);
    if (part == Part::character) ++characters;
    if (part == Part::letter && !in_word) ++words;
    in_word = part == Part::letter || (part == Part::joint && in_word);
  }
}

}  // namespace md2
