#include "client/import/scan.h"

#include <algorithm>
#include <cctype>

namespace md2::scan {

bool take(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(sign.size());
  return true;
}

bool take_any(std::string_view& text, std::initializer_list<std::string_view> signs) {
  return std::ranges::any_of(signs, [&](std::string_view sign) { return take(text, sign); });
}

bool skip_blanks(std::string_view& text) {
  bool any = false;
  while (take_any(text, {" ", "\t", "\u3000", "\u00a0"})) any = true;
  return any;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t length = 0;
  int value = 0;
  for (; length < text.size() && is_digit(text[length]); ++length) {
    if (length == most) return std::nullopt;
    value = value * 10 + (text[length] - '0');
  }
  if (length < least) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

std::string take_letters(std::string_view& text) {
  std::string word;
  while (!text.empty() && is_letter(text.front())) {
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    text.remove_prefix(1);
  }
  return word;
}

bool at_boundary(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text.front()) >= 0x80) return true;
  constexpr std::string_view blanks = " \t";
  constexpr std::string_view marks = ",.:;)]>";
  if (blanks.find(text.front()) != blanks.npos) return true;
  return marks.find(text.front()) != marks.npos &&
         (text.size() == 1 || !(is_digit(text[1]) || is_letter(text[1]) || text[1] == '.'));
}

}  // namespace md2::scan
