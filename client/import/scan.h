#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// What dates and times are taken apart with. Whatever is taken is taken from the beginning of the text.
namespace md2::scan {

bool is_digit(char c);
bool is_letter(char c);  ///< of ASCII

/// False when it does not stand there.
bool take(std::string_view& text, std::string_view sign);

/// The first of them that stands there.
bool take_any(std::string_view& text, std::initializer_list<std::string_view> signs);

/// Spaces, tabs, U+3000, no-break spaces. False when there was none.
bool skip_blanks(std::string_view& text);

/// A number of `least` to `most` digits, all that stand there.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most);

/// The word of ASCII letters, in small ones; empty for none.
std::string take_letters(std::string_view& text);

/// What stands here begins something else than the digits or letters before it.
bool at_boundary(std::string_view text);

}  // namespace md2::scan
