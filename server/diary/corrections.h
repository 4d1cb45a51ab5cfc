#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/diary/correction_list.h"
#include "server/diary/round.h"
#include "server/diary/scanner.h"

namespace md2 {

/// Learns which corrections a diary holds, and which entries they name, step by step: once from the beginning of the
/// file, later of what was appended, whoever did it.
///
/// First it looks for all that begins as a correction does, which is how nearly every diary passes by as fast as it is
/// read; then, for the entries that new ones name, through what stands before as well, all of them in one pass.
class Corrections {
 public:
  using Read = Scanner::Read;

  /// Goes on to learn what the diary holds before `end`, about `budget` bytes of work. True when that is known.
  bool step(const Read& read, std::uint64_t end, std::size_t budget);

  /// The owner has changed the diary: nothing is known of it. Whoever was answered from the list is answered no more.
  void forget();

  const CorrectionList& list() const { return list_; }

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

  CorrectionList list_;
  bool too_many_ = false;
  Stage stage_ = Stage::known;
  std::uint64_t known_to_ = 0;    ///< all that stands before it is known, and ends an item
  std::uint64_t seen_to_ = 0;     ///< where the diary ended then
  bool end_counts_ = false;       ///< what stands there is in the list, and may still go on
  std::size_t settled_ = 0;       ///< corrections whose entries before known_to_ are known
  std::uint64_t last_entry_ = 0;  ///< of the list, in the order of the file

  // Of the stage under way:
  std::uint64_t end_ = 0;
  std::uint64_t at_ = 0;                  ///< up to which it has come
  std::uint64_t walk_to_ = 0;             ///< of stages that look for entries
  std::optional<std::string> new_begin_;  ///< what the lines begin with that new corrections name, and \n before it
  Literal line_;                          ///< the same, of those that are looked for
  HeaderWalk walk_;
};

}  // namespace md2
