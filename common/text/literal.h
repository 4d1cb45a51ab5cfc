#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/folding.h"
#include "common/text/packed_pair.h"
#include "common/text/tag.h"

namespace md2 {

/// Something that must stand in a text: a word, a phrase, or the name of a tag. Word and text are compared composed
/// (NFC), so é is found however it was written.
///
/// Words of ASCII, of Chinese and of all else that is written in one way only go the fast way: the search looks for two
/// of their rarer bytes (common/text/packed_pair.h) and compares the whole only where both stand. memmem(3) takes
/// longer and can't ignore case. Of a Chinese character the last byte is the rare one; the first is the same for most
/// of them. Where that is wasted on too many places, it goes on in a way whose time is the text's length, whatever the
/// two are made of.
///
/// For all others the text is folded as it is read (common/text/folding.h), which takes some ten times as long: words
/// with accents, Hangul, full-width forms (which are looked for in both widths), and, where case is ignored, with
/// letters that are cased and not ASCII.
class Literal {
 public:
  /// Finds nothing.
  Literal() = default;

  /// `word` is valid UTF-8 and not empty. `ignore_case`: of letters; `word` then has no capital. Those of ASCII are
  /// then compared with ASCII only, unless the word has others. `tag`: only where `word` is the whole name of a tag
  /// (common/text/tag.h).
  explicit Literal(std::string_view word, bool ignore_case = false, bool tag = false);

  /// The word, folded.
  const std::string& bytes() const { return bytes_; }

  /// The first place at or after `from`; of a tag the hash belongs to it and may stand before `from`. To `wasted`, when
  /// given, are added the bytes that were compared at places where it does not stand, or folded: a few for each byte of
  /// the text at most.
  std::optional<TextRange> find(std::string_view text, std::size_t from, std::size_t* wasted = nullptr) const;

  /// Something on one line that goes the fast way and stands wherever this does; nothing when there is no such thing.
  std::optional<Literal> fast_part() const;

 private:
  std::optional<TextRange> find_word(std::string_view text, std::size_t from, std::size_t& wasted) const;
  std::optional<TextRange> find_folded(std::string_view text, std::size_t from, std::size_t& wasted) const;
  std::size_t find_bytes(std::string_view text, std::size_t from, std::size_t& wasted) const;
  std::size_t find_by_prefixes(std::string_view text, std::size_t from) const;
  bool same(std::string_view there, std::size_t begin) const;
  bool matches(std::string_view there, std::size_t& wasted) const;
  bool ends_whole(std::string_view text, std::size_t end) const;
  bool is_fast_part(char32_t code) const;

  std::string bytes_;
  bool ignore_case_ = false;
  bool tag_ = false;
  std::optional<Folding> folding_;    ///< nothing for a word that goes the fast way
  std::vector<std::size_t> shorter_;  ///< of a word that does not, see prefixes()
  PackedPair rarest_;
};

}  // namespace md2
