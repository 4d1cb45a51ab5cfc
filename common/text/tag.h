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

/// A tag is `#` (or the full-width `＃` that Chinese input methods give) and a name. It needs no space before it, as
/// Chinese is written: `写完了#日记，睡觉`. The name ends at white space or punctuation; only `_`, and `-` between two
/// characters of a name (`#to-do`), belong to it.
///
/// No tag is what other things are made of: behind a cased letter or a digit (`C#`, `F#语言`, `3#楼`), behind `&`
/// (`&#39;`), inside an address (`https://example.com/#part`), and where the hash is a part of another character
/// (`#️⃣`). An address is what has `://` in it, or a host and a slash in front (`example.com/#part`); it ends at
/// white space, at quotes, at `)` without a `(`, at Chinese punctuation, and where Chinese follows a letter or a digit
/// (`https://example.com看完了#日记`).

/// Bytes of the `#` or `＃` that begins at `at`; 0 when neither does.
std::size_t hash_sign_length(std::string_view text, std::size_t at);

/// Bytes of the `#` or `＃` that ends before `at`; 0 when neither does.
std::size_t hash_sign_length_before(std::string_view text, std::size_t at);

/// Bytes of the tag's name that begins at `at`; 0 when none can.
std::size_t tag_name_length(std::string_view text, std::size_t at);

/// False where a hash that begins at `at` belongs to something else, whatever stands behind it. Looks at 2 KiB before
/// it, and for all hashes of a text at a few times its length.
bool may_begin_tag(std::string_view text, std::size_t at);

/// The first tag that begins at or after `from`, its hash included. Looks for the hash by memchr(3).
std::optional<TextRange> find_tag(std::string_view text, std::size_t from);

}  // namespace md2
