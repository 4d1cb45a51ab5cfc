#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "server/diary/diary.h"

namespace md2 {

/// Looks in the diary for an entry that may have been saved before (`write SINCE`), step by step. It goes on to
/// what is appended meanwhile; of what is not yet durable it knows nothing, that is for Diary::find_recent().
///
/// An entry is there when header and text are, at the beginning of a line. It ends at an empty line, and also where an
/// editor took that line away: at the next header or at the end of the diary.
class Lookup {
 public:
  enum class State { searching, found, absent };

  /// `entry` in diary format. It cannot stand before `since`; an offset beyond the end is one of another file and means
  /// 0.
  Lookup(std::string entry, std::uint64_t since) : entry_(std::move(entry)), position_(since) {}

  /// Reads on, about `budget` bytes at most and some more to compare with a candidate. `absent` means absent from
  /// everything that is durable now; after the diary has grown, step() searches that. Throws Error when the diary can't
  /// be read.
  State step(const Diary& diary, std::size_t budget);

  /// Where the entry's header stands, once it is found.
  std::uint64_t offset() const { return position_; }

  /// The owner has changed the diary: the entry may stand at `offset` or behind it.
  void restart(std::uint64_t offset) { position_ = std::min(position_, offset); }

  /// The entry, for who adds it to the diary; the last call.
  std::string take_entry() { return std::move(entry_); }

 private:
  State look_at(const Diary& diary, std::uint64_t offset) const;

  std::string entry_;
  std::uint64_t position_;  ///< no header of the entry begins before it (and not before SINCE)
};

}  // namespace md2
