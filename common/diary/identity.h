#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// A diary's identity as it stands in a file, a name and the greeting: 128 bits in hexadecimal digits, the letters
/// small.
inline constexpr std::size_t identity_digits = 32;

constexpr bool is_diary_identity(std::string_view text) {
  return text.size() == identity_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The identity that a diary's `FILE.id` names, by its first two lines; empty when there is none.
inline std::string identity_in_note(std::string_view note) {
  constexpr std::string_view begin = "md2 identity 1\nidentity ";
  if (!note.starts_with(begin)) return {};
  const std::string_view id = note.substr(begin.size(), note.find('\n', begin.size()) - begin.size());
  return is_diary_identity(id) ? std::string(id) : std::string();
}

}  // namespace md2
