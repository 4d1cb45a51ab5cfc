#pragma once

#include <cstddef>
#include <string_view>

namespace md2 {

/// A diary's identity as it stands in a file, a name and the greeting: 128 bits in hexadecimal digits, the letters
/// small.
inline constexpr std::size_t identity_digits = 32;

constexpr bool is_diary_identity(std::string_view text) {
  return text.size() == identity_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace md2
