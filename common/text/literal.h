#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/text/byte_pair.h"
#include "common/text/tag.h"

namespace md2 {

/// Something that must stand in a text to the letter: a word, a phrase, or the name of a tag.
///
/// Places where two of its rarer bytes stand are looked for, and only those are compared (common/text/byte_pair.h).
/// memmem(3) takes longer and knows no letters without case. Of a Chinese character the last byte is the rare one; the
/// first is the same for most of them.
class Literal {
 public:
  /// Finds nothing.
  Literal() = default;

  /// `fold`: ASCII letters without regard to case; `bytes` then has no capital. `tag`: only where `bytes` is the whole
  /// name of a tag (common/text/tag.h). `bytes` is valid UTF-8 and not empty.
  explicit Literal(std::string_view bytes, bool fold = false, bool tag = false);

  const std::string& bytes() const { return bytes_; }
  bool fold() const { return fold_; }

  /// The first place at or after `from`; of a tag the hash belongs to it and may stand before `from`.
  std::optional<TextRange> find(std::string_view text, std::size_t from) const;

 private:
  std::size_t find_bytes(std::string_view text, std::size_t from) const;
  bool stands_at(const char* place) const;

  std::string bytes_;
  bool fold_ = false;
  bool tag_ = false;
  BytePair rarest_;
};

}  // namespace md2
