#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/text/packed_pair.h"
#include "common/text/tag.h"

namespace md2 {

/// Something that must stand in a text to the letter: a word, a phrase, or the name of a tag.
///
/// The search looks for two of its rarer bytes (common/text/packed_pair.h) and compares the whole only where both
/// stand. memmem(3) takes longer and can't ignore case. Of a Chinese character the last byte is the rare one; the first
/// is the same for most of them. Where that is wasted on too many places, it goes on in a way whose time is the text's
/// length, whatever the two are made of.
class Literal {
 public:
  /// Finds nothing.
  Literal() = default;

  /// `bytes` is valid UTF-8 and not empty. `ignore_case`: of ASCII letters; `bytes` then has no capital. `tag`: only
  /// where `bytes` is the whole name of a tag (common/text/tag.h).
  explicit Literal(std::string_view bytes, bool ignore_case = false, bool tag = false);

  const std::string& bytes() const { return bytes_; }

  /// The first place at or after `from`; of a tag the hash belongs to it and may stand before `from`. To `wasted`, when
  /// given, are added the bytes that were compared at places where it does not stand: a few for each byte of the text
  /// at most.
  std::optional<TextRange> find(std::string_view text, std::size_t from, std::size_t* wasted = nullptr) const;

 private:
  std::size_t find_bytes(std::string_view text, std::size_t from, std::size_t& wasted) const;
  std::size_t find_by_prefixes(std::string_view text, std::size_t from) const;
  bool same(std::string_view there, std::size_t begin) const;
  bool matches(std::string_view there, std::size_t& wasted) const;

  std::string bytes_;
  bool ignore_case_ = false;
  bool tag_ = false;
  PackedPair rarest_;
};

}  // namespace md2
