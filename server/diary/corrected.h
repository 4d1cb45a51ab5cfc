#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/diary/correction_list.h"
#include "server/diary/scanner.h"

namespace md2 {

/// A diary up to one place as it was corrected: what is shown of each of its items. It is the same in whatever order
/// corrections and entries stand in the file: of an entry the correction with the latest time counts, at equal times
/// the one with the greater text. One whose entry is not there, or that names by its time alone entries with different
/// texts, is shown as what it is.
class Corrected {
 public:
  /// Corrections and entries at or behind `end` count for nothing. `list` and what `read` reads must outlive it.
  Corrected(const CorrectionList& list, Scanner::Read read, std::uint64_t end)
      : list_(list), read_(std::move(read)), end_(end) {}

  /// False for nearly all items: those are shown as they are.
  bool may_concern(std::string_view raw) const;

  struct Shown {
    enum class As { is, corrected, nothing } as = As::is;
    std::size_t number = 0;  ///< of the correction
    std::uint32_t hash = 0;  ///< name_hash() of the entry, if it is the one that the list knows
  };

  /// Of the item at `place`. What the list says of it is held against what is read.
  Shown shown(std::uint64_t place, std::string_view raw);

  /// An entry bears the time by which this correction, one that is shown as it is, means none.
  bool misses(const EntryName& name) const;

  /// What is given in the place of an entry that is shown as corrected: the entry and its correction, each as it stands
  /// in the diary and with the newlines that end it. Where the correction names the entry by its time alone, its hash
  /// is added: who reads the answer can't know that no other entry bears the time, and one by hand that means none of
  /// them may stand behind any.
  std::string pair(std::string_view raw, const Shown& shown);

  /// What a query is asked of when this correction counts: the header of the entry, the new text. Empty for one that
  /// strikes out.
  std::string newest(std::size_t number);

  /// Where the entries of that time stand whose newest text this is.
  std::vector<std::uint64_t> places(Timestamp time, std::string_view text);

  /// The item at that place.
  std::string item(std::uint64_t place) const;

  /// The diary is another than the list knows: what was said is worth nothing.
  bool stale() const { return stale_; }

 private:
  std::optional<std::size_t> latest(Timestamp time, std::uint32_t hash);
  bool means_one(Timestamp time) const;
  bool is_placed(const EntryName& name);
  Shown shown_correction(std::uint64_t place, const EntryName& name);
  std::optional<Correction> read(std::size_t number);

  const CorrectionList& list_;
  Scanner::Read read_;
  std::uint64_t end_;
  bool stale_ = false;
};

}  // namespace md2
