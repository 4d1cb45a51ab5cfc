#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "common/diary/query.h"
#include "common/net/message.h"
#include "server/diary/diary.h"
#include "server/diary/search.h"

namespace md2 {

/// One that was read to its end: it is the answer if the next look at the file finds nothing changed, and, where it was
/// read in several turns or by a list of corrections that a save may have made old, the next comparison.
struct Read {
  std::uint64_t count = 0;
  std::uint64_t end = 0;                     ///< of what was searched
  bool at_once = false;                      ///< between two looks
  std::optional<std::uint64_t> comparisons;  ///< Diary::comparisons() when it was to wait for one

  /// A `hi` goes on where the answer ends; a last line that is not whole comes again with its rest.
  Message message(const Diary& diary) const;
};

/// An `r` or `raw` that has not come to its end. It begins when it is its turn to be answered: what was appended before
/// belongs to it. An `r` waits until all corrections are known.
class Reading {
 public:
  enum class Of { corrected, written };

  /// `diary` must outlive it.
  Reading(Diary& diary, Query query, Of what);

  /// Appends what is found within one slice of work and about `budget` bytes. Gives what it turns into at its end, or
  /// when it can't go on.
  std::optional<std::variant<Read, Message>> go_on(std::string& out, std::size_t budget);

  /// What was found so far, as the answer.
  Message stopped() const;

  /// The answer to who asked of a diary that was changed meanwhile.
  static Message broken();

  /// Memory of what it holds beside itself, in bytes.
  std::size_t held() const { return search_->held() + whole_->capacity(); }

 private:
  enum class State { waits, begun, impossible };
  void take_small_diary();
  State begin();
  bool in_doubt() const;

  Diary* diary_;
  std::shared_ptr<std::string> whole_;  ///< a small diary as it was when this began; of a large one nothing
  std::unique_ptr<Search> search_;
  Of what_;
  bool begun_ = false;
  std::optional<std::uint64_t> generation_;  ///< of the corrections that it reads by
  bool rested_ = false;                      ///< it was not read in one turn
};

}  // namespace md2
