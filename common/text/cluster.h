#pragma once

#include <cstddef>
#include <string_view>

namespace md2 {

/// A grapheme cluster (UAX #29): what its reader takes for one character. A letter with its accents, a flag, an emoji
/// with its skin tone, a family that is joined of several. It is never parted.
struct Cluster {
  char32_t first = 0;      ///< its first character
  std::size_t length = 0;  ///< bytes
  int columns = 0;         ///< the most that a terminal gives it, see below
  int fewest = 0;          ///< columns; the least that one gives it

  /// Text may be broken before and behind it, as between Chinese characters.
  bool wide = false;
};

/// The cluster that begins at `at`, which must be inside `text`. Bytes that are not UTF-8 count as U+FFFD each.
///
/// Terminals don't agree about the columns of emoji: tmux 3.3 gives a family two, VTE and libvterm two for each member;
/// a heart with the selector U+FE0F has two in kitty, one in tmux 3.3. `columns` is the most that one of them takes:
/// the sum of the characters, and two where the selector asks for an emoji. A row that is a little short is not seen,
/// but one that is too long would be parted by the terminal. `fewest` is the columns of the first character, one where
/// U+FE0E asks for text, and both halves of a flag.
Cluster cluster_at(std::string_view text, std::size_t at);

/// Columns of all clusters of a line together.
std::size_t columns_of_line(std::string_view line);

}  // namespace md2
