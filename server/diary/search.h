#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/diary/query.h"
#include "server/diary/scanner.h"

namespace md2 {

/// The answer to an `r`, made step by step: the items of the diary that match, in the order of the file. What matches
/// is the Scanner's business; here the items are counted, skipped and given out.
///
/// -N counts matches from the end, chunk by chunk backwards, until there are N, and then gives out from there. What
/// stands before them is not read.
class Search {
 public:
  /// Only what stands before `end`, where an item ends, is searched.
  Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk = Scanner::default_chunk);

  /// The same, of what stands before another `end`. Before the first step().
  void begin(std::uint64_t end);

  /// Reads about `budget` bytes (a chunk, or an item that is longer than one, is read whole) and appends at most `size`
  /// bytes to `out`. False when the answer is complete.
  ///
  /// Of the query without parts the answer is the diary, byte for byte; of any other it is in diary format: every entry
  /// ends in an empty line and every loose line in a newline, also where the diary has none.
  bool step(std::size_t budget, std::size_t size, std::string& out);

  /// Items that were given out. Empty loose lines don't count.
  std::uint64_t count() const { return count_; }

  /// Memory of what was found and not yet given out, in bytes.
  std::size_t held() const { return pending_.capacity(); }

 private:
  bool go_on();
  void take(const Scanner::Match& match, std::string& out);

  std::optional<std::uint64_t> last_;  ///< of -N, while matches are counted; nothing while they are given out
  std::uint64_t begin_;                ///< where the scanner was sent last
  std::uint64_t end_;
  Scanner scanner_;
  std::uint64_t counted_ = 0;  ///< matches from begin_ to the end
  std::uint64_t skip_ = 0;     ///< so many of them are not given out
  std::uint64_t count_ = 0;
  std::string pending_;  ///< of a match: what is left to give out
};

}  // namespace md2
