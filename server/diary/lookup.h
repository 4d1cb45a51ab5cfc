#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/diary/diary.h"
#include "server/diary/round.h"

namespace md2 {

/// Looks in the diary for an entry that may have been saved before (`write SINCE`), step by step; many together, in one
/// pass. What is appended after its beginning it does not see, that is for Diary::find_recent().
///
/// An entry is there when same_entry() finds it at the beginning of a line.
class Lookup {
 public:
  enum class State { searching, found, absent };

  /// `entry` in diary format. It cannot stand before `since`; an offset beyond the end is one of another file and means
  /// 0.
  Lookup(std::string entry, std::uint64_t since) : entry_(std::move(entry)), since_(since) {}

  State state() const { return state_; }

  /// Where the entry's header stands, once it is found.
  std::uint64_t offset() const { return offset_; }

  /// The owner has changed the diary: the entry may stand at `offset` or behind it.
  void restart(std::uint64_t offset);

  /// The entry, for who adds it to the diary.
  const std::string& entry() const { return entry_; }

 private:
  friend class LookupPass;

  std::string entry_;
  std::uint64_t since_;
  std::optional<Round> round_;  ///< from since_ to the end of the diary when it was begun
  State state_ = State::searching;
  std::uint64_t offset_ = 0;
};

/// Goes round the diary for all who look for something, from where it was last: who comes later is done when all of the
/// diary has passed by once since.
class LookupPass {
 public:
  /// Reads on, and compares with candidates, about `budget` bytes in all: a chunk, or one candidate with all who look
  /// for its header, may come on top. Throws Error when the diary can't be read.
  void step(const Diary& diary, const std::vector<Lookup*>& lookups, std::size_t budget);

 private:
  using Wanted = std::unordered_multimap<std::string_view, Lookup*>;  ///< by header

  static void compare(const HeaderWalk::Read& read, const Wanted& wanted, std::uint64_t place,
                      std::string_view from_header, std::size_t& used);
  static void saw(const HeaderWalk::Seen& seen, Wanted& wanted);

  HeaderWalk walk_;
};

}  // namespace md2
