#pragma once

#include <cstdint>
#include <string_view>

namespace md2 {

/// How long texts are, as each script counts: Chinese by characters, where no space stands between words, and all else
/// by words.
struct WordCount {
  std::uint64_t characters = 0;  ///< ideographs, and the kana of Japanese
  std::uint64_t words = 0;       ///< of letters and digits; `don't` and `to-do` are one

  /// Counts what the text has. Punctuation, signs and emoji are neither.
  void add(std::string_view text);
};

}  // namespace md2
