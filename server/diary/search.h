#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/query.h"

namespace md2 {

/// The answer to an `r`, made in slices: the items of the diary that match, in the order of the file, without an index
/// and without ever holding more than one block or one item of it.
///
/// Words decide the speed: a block is searched for the part of the query that is rarest at its beginning, and only
/// around a hit the borders of the item are looked for and the rest of the query is asked. Two things end the search
/// for a border, wherever one looks from: a header at the beginning of a line begins an item, and so does what follows
/// an empty line.
///
/// -N counts backwards from the end, block by block, until N items have matched, and then gives out from there. What
/// lies before them is not read.
class Search {
 public:
  /// Reads `size` bytes of the diary from `offset` and returns how many it got: fewer only where the diary ends.
  using Read = std::function<std::size_t(std::uint64_t offset, char* to, std::size_t size)>;

  static constexpr std::size_t default_block = std::size_t{256} << 10;

  /// Only what stands before `end`, which is the end of an item, is searched. No `block` is larger than max_encoded.
  Search(Query query, std::uint64_t end, Read read, std::size_t block = default_block);

  /// One slice: reads about `scan` bytes (a block, or an item that is longer than one, is read whole) and appends at
  /// most `size` bytes to `out`. False when the answer is complete.
  ///
  /// Of the query without parts the answer is the diary, byte for byte; of any other it is in diary format: every entry
  /// ends in an empty line and every loose line in a newline, also where the diary has none.
  bool step(std::size_t scan, std::size_t size, std::string& out);

  /// Items that were given out. Empty loose lines don't count.
  std::uint64_t count() const { return count_; }

 private:
  /// What is being given out: a part of the diary, then newlines.
  struct Gift {
    std::uint64_t at = 0;
    std::uint64_t end = 0;
    std::size_t newlines = 0;
  };

  bool next_region();
  std::uint64_t border_before(std::uint64_t offset);
  void look(std::string& out, std::size_t limit);
  const Literal& rarest_in(std::string_view sample) const;
  std::size_t filter(std::string_view window, bool final, std::string& out, std::size_t limit);
  std::size_t whole(std::string_view window, bool final, std::string& out, std::size_t limit);
  std::size_t each(std::string_view window, bool final, std::string& out, std::size_t limit);
  bool take(std::string_view raw, std::uint64_t offset, std::string& out, std::size_t limit);
  void give(std::string& out, std::size_t limit);
  std::string_view load(std::uint64_t offset, std::size_t size);

  Query query_;
  std::vector<Literal> anchors_;
  Read read_;
  std::size_t block_;
  std::uint64_t end_;
  std::uint64_t at_ = 0;  ///< the border of an item, up to which the region has been searched
  std::uint64_t stop_;    ///< the border at which the region ends
  Gift gift_;
  std::uint64_t count_ = 0;
  std::size_t read_in_slice_ = 0;

  // -N. The diary is counted from the end backwards, region by region, and then searched from region_ on.
  bool counting_ = false;
  std::uint64_t region_;       ///< where the last region that was counted begins
  std::uint64_t counted_ = 0;  ///< items that matched from region_ to the end
  std::uint64_t skip_ = 0;     ///< items that match and are not given out
};

}  // namespace md2
