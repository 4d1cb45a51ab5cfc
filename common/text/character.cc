#include "common/text/character.h"

#include <utf8cpp/utf8.h>
#include <wchar.h>

#include <algorithm>

namespace md2 {
namespace {

struct Block {
  char32_t first, last;
};

/// `blocks` are in order.
template <std::size_t count>
bool is_in(const Block (&blocks)[count], char32_t code) {
  const Block* const block =
      std::lower_bound(blocks, blocks + count, code, [](const Block& b, char32_t value) { return b.last < value; });
  return block != blocks + count && code >= block->first;
}

}  // namespace

std::size_t claimed_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xc2 || byte > 0xf4) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

Character detail::checked_character_at(std::string_view text, std::size_t at) {
  const char* const begin = text.data() + at;
  const std::size_t length = claimed_length(*begin);
  const char* const end = begin + std::min(length, text.size() - at);
  if (length == 1 || begin + length != end || utf8::find_invalid(begin, end) != end) return {0xfffd, 1};
  const char* from = begin;
  return {static_cast<char32_t>(utf8::unchecked::next(from)), length};
}

bool is_space(char32_t code) {
  return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xa0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200b) || code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f ||
         code == 0x3000 || code == 0xfeff;
}

bool is_punctuation(char32_t code) {
  static constexpr Block blocks[] = {
      {'!', '/'},       {':', '@'},       {'[', '`'},       {'{', '~'},       {0xa1, 0xa9},     {0xab, 0xb1},
      {0xb4, 0xb4},     {0xb6, 0xb8},     {0xbb, 0xbb},     {0xbf, 0xbf},     {0x2010, 0x2027}, {0x2030, 0x205e},
      {0x2e00, 0x2e7f}, {0x3001, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0x303d, 0x303d}, {0x30a0, 0x30a0},
      {0x30fb, 0x30fb}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6b}, {0xff01, 0xff0f}, {0xff1a, 0xff20}, {0xff3b, 0xff40},
      {0xff5b, 0xff65}, {0xffe0, 0xffe6},
  };
  return !is_ideograph(code) && is_in(blocks, code);
}

bool detail::is_other_wide(char32_t code) {
  static constexpr Block blocks[] = {{0x3000, 0x3029}, {0x3041, 0x3096}, {0x309b, 0x30ff}, {0x3400, 0x4dbf},
                                     {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xff01, 0xff60}, {0x20000, 0x3fffd}};
  return is_in(blocks, code);
}

int detail::other_width_of(char32_t code) {
  const int columns = wcwidth(static_cast<wchar_t>(code));
  if (columns >= 0) return columns;
  return code >= 0x1f300 && code < 0x1fb00 ? 2 : 1;  // emoji
}

}  // namespace md2
