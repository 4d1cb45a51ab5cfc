#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "common/diary/correction.h"
#include "common/diary/entry_reader.h"

namespace md2 {

/// The entries that a diary holds already, so that importing a backup twice changes nothing. Only entries in diary
/// format are known: a time and a text are an identity, a text alone is not (who writes "good night" every day means
/// it every day).
///
/// The texts of paragraphs that bear no time are known when that is asked for, those of the diary's entries and what
/// stands in it without a header.
///
/// Sixteen bytes an entry, the first half of its SHA-256: two entries of one person's life that share them by chance
/// are not to be expected in the age of the universe. Turned down: the entries themselves (memory), and a hash of 64
/// bits (among a million entries one chance in 40 million to lose one).
class KnownEntries {
 public:
  /// The next bytes of the diary, from its beginning.
  void feed(std::string_view bytes);

  /// The diary ended here when it was asked for; what is fed from now on was appended later.
  void finish();

  /// The diary begins anew: what it holds now is fed next. What was known stays so, but for texts.
  void restart();

  /// Where in the diary the first byte stands that is not known.
  std::uint64_t offset() const { return reader_.offset(); }

  /// Where the first byte stands that was not fed.
  std::uint64_t end() const { return reader_.offset() + reader_.pending(); }

  /// The entry is on its way to the diary: from now on it is known. False when it was known before. `encoded`: as
  /// encode() gives it. A correction that names its entry by a hash is also known where it was written without: answers
  /// add the hash.
  bool add(std::string_view encoded);

  /// From now on until finish() the texts that are fed are remembered, and how corrections name the entries, in sixteen
  /// bytes each.
  void gather_texts() { gathers_texts_ = true; }

  /// The diary held that entry before finish(), likewise.
  bool holds(const EntryName& name) const { return names_.contains(digest(written(name))); }

  /// The diary held this text before finish(): of an entry, a line without a header, or a paragraph of those. Each time
  /// that it does counts once: of a text that the input has more often, the rest is new.
  bool take_text(std::string_view text);

 private:
  using Digest = std::array<unsigned char, 16>;
  struct Hash {
    std::size_t operator()(const Digest& digest) const;
  };

  static Digest digest(std::string_view encoded);
  static std::string written(const EntryName& name);

  void gather_text(const EntryReader::Item& item);
  void end_paragraph();

  EntryReader reader_;
  std::unordered_set<Digest, Hash> known_;
  bool gathers_texts_ = false;
  std::unordered_map<Digest, std::uint32_t, Hash> texts_;  ///< how often each was there and was not taken
  std::unordered_set<Digest, Hash> names_;
  std::string paragraph_;  ///< lines without a header, up to the next blank one
};

}  // namespace md2
