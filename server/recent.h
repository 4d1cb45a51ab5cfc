#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>

namespace md2 {

/// Knows every entry that stands in the diary, or in its batch, from begin() on, by a hash: a `write` whose SINCE is
/// not before begin() need not read the diary to learn that it is new, which is how nearly all of them are. Bounded:
/// begin() moves on as entries come, and where it does not reach, Lookup reads.
class RecentEntries {
 public:
  static constexpr std::size_t capacity = 16384;  ///< entries; about 1 MiB of memory

  /// Nothing before `end`, the diary's end, is known any more.
  void begin_at(std::uint64_t end);

  /// The entry stands at `offset`, behind all that were added before.
  void add(std::uint64_t offset, std::string_view encoded);

  /// What was added at `offset` or behind it has not come into the diary.
  void forget_from(std::uint64_t offset);

  std::uint64_t begin() const { return begin_; }

  /// False only when the entry does not stand at or behind begin(). True is a guess that the diary has to confirm.
  bool may_hold(std::string_view encoded) const;

 private:
  struct Place {
    std::uint64_t offset;
    std::size_t hash;
  };

  void forget(std::size_t hash);

  std::uint64_t begin_ = 0;
  std::deque<Place> places_;                          ///< by offset
  std::unordered_map<std::size_t, unsigned> counts_;  ///< how many of places_ have this hash
};

}  // namespace md2
