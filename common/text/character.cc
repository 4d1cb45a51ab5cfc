#include "common/text/character.h"

#include <array>

#include "common/text/property.h"

namespace md2 {
namespace {

constexpr char32_t next_line = 0x85;
constexpr char32_t zero_width_space = 0x200b, byte_order_mark_character = 0xfeff;

/// What is not assigned yet may be shown by a terminal that is newer than this table: emoji and ideographs come where
/// room is kept for them (UAX #11).
bool will_be_wide(char32_t code) {
  return (code >= 0x1f300 && code < 0x1fb00) || (code >= 0x20000 && code < 0x3fffe);
}

}  // namespace

std::size_t claimed_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xc2 || byte > 0xf4) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

Character detail::checked_character_at(std::string_view text, std::size_t at) {
  const auto* const begin = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  utf8proc_int32_t code = 0;
  const utf8proc_ssize_t length = utf8proc_iterate(begin, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (length <= 0) return {0xfffd, 1};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(length)};
}

std::size_t character_before(std::string_view text, std::size_t at) {
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && goes_on(text[begin])) --begin;
  return begin + character_at(text, begin).length == at ? begin : at - 1;
}

void append_character(std::string& out, char32_t code) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

bool is_space(char32_t code) {
  if (code < 0x80) return code == ' ' || (code >= '\t' && code <= '\r');
  if (code == next_line || code == zero_width_space || code == byte_order_mark_character) return true;
  const int category = property(code).category;
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool is_punctuation(char32_t code) {
  switch (property(code).category) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
      return true;
    case UTF8PROC_CATEGORY_SK:  // the skin tones of emoji are among them
      return property(code).boundclass != UTF8PROC_BOUNDCLASS_EXTEND;
    default:
      return false;
  }
}

bool is_capital(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z';
  const int category = property(code).category;
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool is_small(char32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z';
  return property(code).category == UTF8PROC_CATEGORY_LL;
}

bool is_mark(char32_t code) {
  if (code < 0x300) return false;
  const int category = property(code).category;
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

int detail::other_width_of(char32_t code) {
  const utf8proc_property_t& known = property(code);
  // Behind the first letter of a Hangul syllable the others take no column of their own.
  if (known.boundclass == UTF8PROC_BOUNDCLASS_V || known.boundclass == UTF8PROC_BOUNDCLASS_T) return 0;
  // utf8proc gives a mark with a column of its own none, terminals do.
  if (known.category == UTF8PROC_CATEGORY_MC) return 1;
  if (known.category == UTF8PROC_CATEGORY_CN) return will_be_wide(code) ? 2 : 1;
  return known.charwidth;
}

}  // namespace md2
