#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/diary/correction_file.h"
#include "server/diary/correction_list.h"
#include "server/diary/proof.h"
#include "server/diary/round.h"
#include "server/diary/scanner.h"

namespace md2 {

/// Learns which corrections a diary holds, and which entries they name, step by step: once from the beginning of the
/// file, later of what was appended, whoever did it.
///
/// First it looks for all that begins as a correction does, which is how nearly every diary passes by as fast as it is
/// read; then, for the entries that new ones name, through what stands before as well, all of them in one pass.
///
/// What it knows when a server ends is kept beside the diary (CorrectionFile), unless that is soon found again.
class Corrections {
 public:
  using Read = Scanner::Read;

  /// Keeps nothing.
  Corrections() = default;

  /// Of the diary at that path, whose lock the caller holds and which nobody has touched since; goes on where the last
  /// server ended, if the diary is as it left it.
  explicit Corrections(const std::string& diary);

  Corrections(const Corrections&) = delete;
  Corrections& operator=(const Corrections&) = delete;

  /// Goes on to learn what the diary holds before `end`, about `budget` bytes of work. True when that is known.
  bool step(const Read& read, std::uint64_t end, std::size_t budget);

  /// The owner has changed the diary: nothing is known of it.
  void forget();

  /// The server ends, and the diary is open there. Nothing is kept when somebody has touched it since `proof` looked.
  void keep(int fd, const Proof& proof);

  const CorrectionList& list() const { return list_; }

  /// All their texts; nothing when they could not be kept.
  CorrectionFile* texts() { return file_ && file_->usable() ? &*file_ : nullptr; }

  /// Another after each forget(): who was answered from the list until then must be answered anew.
  std::uint64_t generation() const { return generation_; }

  /// There are more than the list holds.
  bool too_many() const { return too_many_; }

 private:
  /// What has to be done before `end_` is reached, in this order.
  enum class Stage {
    known,
    corrections,  ///< in what is new
    entries,      ///< in what is new: those that any correction names
    old_entries,  ///< in what is not: those that only new corrections name
  };

  void begin(const Read& read, std::uint64_t end);
  std::size_t look_for_corrections(const Read& read);
  std::size_t take_correction(const Read& read, std::uint64_t place, std::string_view raw);
  void narrow_to(Timestamp time);
  void look_for_entries(Stage stage);
  std::size_t look_for_entries(const Read& read);
  std::size_t take_entry(const Read& read, std::uint64_t place, std::string_view there);
  void finish(const Read& read);

  std::string path_;  ///< of the diary
  std::optional<CorrectionFile> file_;
  CorrectionList list_;
  bool too_many_ = false;
  std::uint64_t generation_ = 0;
  Stage stage_ = Stage::known;
  std::size_t settled_ = 0;  ///< corrections whose entries before known_.to are known

  struct Known {
    std::uint64_t to = 0;          ///< all that stands before it is known, and ends an item
    std::uint64_t seen_to = 0;     ///< where the diary ended then
    std::uint64_t last_entry = 0;  ///< of the list, in the order of the file
    std::uint64_t end_counts = 0;  ///< 1: what stands at that end is in the list, and may still go on
  } known_;

  // Of the stage under way:
  std::uint64_t end_ = 0;
  std::uint64_t at_ = 0;                  ///< up to which it has come
  std::uint64_t walk_to_ = 0;             ///< of stages that look for entries
  std::optional<std::string> new_begin_;  ///< what the lines begin with that new corrections name, and \n before it
  Literal line_;                          ///< the same, of those that are looked for
  HeaderWalk walk_;
};

}  // namespace md2
