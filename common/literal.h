#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/tag.h"

namespace md2 {

/// Something that must stand in a text to the letter: a word, a phrase, or the name of a tag.
///
/// It is searched for as ripgrep does it: places where two of its rarer bytes stand in their distance are found 64 at a
/// time, and only those are compared. memmem(3) takes twice as long and knows no letters without case. Of a Chinese
/// character the last byte is the rare one; the first is the same for most of them.
class Literal {
 public:
  /// Finds nothing.
  Literal() = default;

  /// `fold`: ASCII letters without regard to case; `bytes` then has no capital. `tag`: only where `bytes` is the whole
  /// name of a tag (common/tag.h). `bytes` is valid UTF-8 and not empty.
  explicit Literal(std::string_view bytes, bool fold = false, bool tag = false);

  const std::string& bytes() const { return bytes_; }
  bool fold() const { return fold_; }

  /// The first place at or after `from`; of a tag the hash belongs to it and may stand before `from`.
  std::optional<TextRange> find(std::string_view text, std::size_t from) const;

 private:
  std::size_t find_bytes(std::string_view text, std::size_t from) const;
  std::size_t skip(const char* text, std::size_t at, std::size_t end) const;
  bool stands_at(const char* place) const;

  std::string bytes_;
  bool fold_ = false;
  bool tag_ = false;
  std::size_t rarest_ = 0;  ///< index in bytes_ of the byte to look for
  std::size_t second_ = 0;  ///< and of another
};

}  // namespace md2
