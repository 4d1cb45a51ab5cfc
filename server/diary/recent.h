#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// What is remembered of the end of the diary, in memory and bounded: its last bytes, to know the place again, and
/// where each entry stands that came from begin() on, whoever appended it.
///
/// A `write` whose SINCE is not before begin() need not read the diary to learn that it is new, which is how nearly all
/// of them are; and one that stands among the last entries is found whatever its SINCE is. begin() moves on as the
/// oldest entries go.
class Recent {
 public:
  static constexpr std::size_t max_entries = 16384;  ///< 640 KiB of memory
  /// To know the place again. Who writes the file anew with more in it than it had must not be taken for one who only
  /// appends: what stood there is the same by chance in a few bytes, not in so many.
  static constexpr std::size_t tail_length = std::size_t{16} << 10;

  /// The diary ends at `end`, in the bytes `tail` (tail_length of them or all), and nobody knows what stands before:
  /// begin() is there.
  void begin_at(std::uint64_t end, std::string tail);

  enum class By { us, others };

  /// The entry stands, or will stand, at `offset`, behind all that were added before.
  void add(std::uint64_t offset, std::string_view encoded, By by = By::us);

  /// Entries from `offset` on were not appended after all.
  void forget_from(std::uint64_t offset);

  /// These bytes were appended to the file, right behind all that is known.
  void append(std::string_view bytes);

  /// Where the entries begin that are known.
  std::uint64_t begin() const { return begin_; }

  /// Where the entry should stand; the diary has to confirm it. Nothing: it does not stand at or behind begin().
  std::optional<std::uint64_t> find(std::string_view encoded) const;

  /// True when this server has appended it, and so noted it in the ring.
  bool is_ours(std::string_view encoded) const;

  /// What the diary lacks for an entry to begin after an empty line.
  std::string_view newlines_before_entry() const;

  /// The bytes before the end of the diary, tail_length of them or all. Valid until the next change.
  std::string_view tail() const {
    return std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), tail_length));
  }

 private:
  /// Entries are numbered from 1 as they come. Those whose hashes fall into one bucket are a chain, the last one first;
  /// it ends where a number is below first_, so whatever is forgotten need not be taken out of it.
  struct Known {
    std::uint64_t offset;
    std::size_t hash;
    std::uint64_t before;  ///< in its chain
    By by;
  };

  static std::size_t place_of(std::uint64_t number_or_hash) { return number_or_hash % max_entries; }
  const Known* look_up(std::string_view encoded) const;

  std::string tail_;  ///< and perhaps as much again before it
  std::uint64_t begin_ = 0;
  std::uint64_t first_ = 1;  ///< that is remembered
  std::uint64_t next_ = 1;
  std::vector<Known> entries_ = std::vector<Known>(max_entries);                 ///< by place_of(number)
  std::vector<std::uint64_t> chains_ = std::vector<std::uint64_t>(max_entries);  ///< last numbers, by place_of(hash)
};

}  // namespace md2
