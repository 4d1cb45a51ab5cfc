#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_set>

namespace md2 {

/// Knows every entry that stands in the diary, or in its batch, from begin() on, by a hash: a `write` whose SINCE is
/// not before begin() need not read the diary to learn that it is new, which is how nearly all of them are. Bounded:
/// begin() moves on as entries come, and where it does not reach, Lookup reads.
///
/// The entries stand in portions, and only those are looked into that reach behind SINCE: for a client that keeps up
/// with the others this is the last one, which the processor has at hand. The oldest portion goes as a whole.
class RecentEntries {
 public:
  static constexpr std::size_t portion_size = 1024;  ///< entries
  static constexpr std::size_t max_portions = 16;    ///< together about 1 MiB of memory

  /// Nothing before `end`, the diary's end, is known any more.
  void begin_at(std::uint64_t end);

  /// The entry will stand at `offset`, behind all that were added before.
  void add(std::uint64_t offset, std::string_view encoded);

  std::uint64_t begin() const { return begin_; }

  /// False only when the entry does not stand at or behind `since`, which is not before begin(). True is a guess that
  /// the diary has to confirm: what was added has perhaps not come into it.
  bool may_hold(std::string_view encoded, std::uint64_t since) const;

 private:
  struct Portion {
    std::uint64_t begin;  ///< offset of its first entry
    std::unordered_set<std::size_t> hashes;
  };

  std::uint64_t begin_ = 0;
  std::deque<Portion> portions_;  ///< by offset
};

}  // namespace md2
