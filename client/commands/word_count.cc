#include "client/commands/word_count.h"

#include <utf8proc.h>

#include <array>

#include "common/text/character.h"

namespace md2 {
namespace {

enum class Role : unsigned char {
  none,       ///< ends a word
  character,  ///< counts by itself
  letter,     ///< begins a word or goes on with one
  joint,      ///< goes on with a word, and begins none
};

constexpr std::array<Role, 128> roles_of_ascii = [] {
  std::array<Role, 128> roles{};
  for (unsigned char c = '0'; c <= '9'; ++c) roles[c] = Role::letter;
  for (unsigned char c = 'a'; c <= 'z'; ++c) roles[c] = Role::letter;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) roles[c] = Role::letter;
  roles['\''] = roles['-'] = roles['_'] = Role::joint;
  return roles;
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

Role role_of_rest(char32_t code) {
  if (is_counted_character(code)) return Role::character;
  if (code == 0x2019 || code == 0x2010 || code == 0x200d) return Role::joint;  // apostrophe, hyphen, joiner
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Role::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
      return Role::joint;
    default:
      return Role::none;
  }
}

Role role_of(char32_t code) {
  if (code < roles_of_ascii.size()) return roles_of_ascii[code];
  if (is_ideograph(code)) return Role::character;
  // Chinese punctuation, which is nearly all of the rest in a Chinese text.
  if ((code >= 0x3000 && code < 0x3005) || (code >= 0x3008 && code <= 0x3011) || code == 0xff0c) return Role::none;
  return role_of_rest(code);
}

}  // namespace

void WordCount::add(std::string_view text) {
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    at += c.length;
    const Role role = c.broken() ? Role::none : role_of(c.code);
    if (role == Role::character) ++characters;
    if (role == Role::letter && !in_word) ++words;
    in_word = role == Role::letter || (role == Role::joint && in_word);
  }
}

}  // namespace md2
