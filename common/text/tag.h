#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace md2 {

/// A part of a text, in bytes: from `begin` up to, not including, `end`.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const TextRange&) const = default;
};

/// A tag is `#` (or the full-width `＃` that Chinese input methods give) and a name. It may stand anywhere, also
/// without a space before it, as Chinese is written: `写完了#日记，睡觉`. The name ends at white space or punctuation;
/// only `_`, and `-` between two characters of a name (`#to-do`), belong to it.

/// Bytes of the `#` or `＃` that begins at `at`; 0 when neither does.
std::size_t hash_sign_length(std::string_view text, std::size_t at);

/// Bytes of the `#` or `＃` that ends before `at`; 0 when neither does.
std::size_t hash_sign_length_before(std::string_view text, std::size_t at);

/// Bytes of the tag's name that begins at `at`; 0 when none can.
std::size_t tag_name_length(std::string_view text, std::size_t at);

/// Where the first `#` or `＃` stands, the text's size when there is none. Nearly all bytes of a diary are looked at
/// here and nowhere else, by memchr(3).
std::size_t first_hash(std::string_view text);

/// The first tag that begins at or after `from`, its hash included.
std::optional<TextRange> find_tag(std::string_view text, std::size_t from);

}  // namespace md2
