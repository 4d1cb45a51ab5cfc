#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/diary/query.h"
#include "server/diary/corrected.h"
#include "server/diary/scanner.h"

namespace md2 {

/// The answer to an `r` or a `raw`, made step by step: the items of the diary that match, in the order of the file.
/// What matches is the Scanner's business; here the items are counted, skipped and given out.
///
/// -N counts matches from the end, chunk by chunk backwards, until there are N, and then gives out from there. What
/// stands before them is not read.
///
/// Of the corrected diary an entry is judged by its newest text, and given in its own place with the correction behind
/// it. Those that match so are found first, among the corrections; the scanner then goes from one of them to the next.
/// A query that only counts needs none of that: it meets each item where it stands.
class Search {
 public:
  /// Only what stands before `end`, where an item ends, is searched: all as it was written.
  Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk = Scanner::default_chunk);

  /// The same, of what stands before another `end`. Before the first step().
  void begin(std::uint64_t end);

  /// The same as it was corrected by those of the list that stand there. `texts` of all that have one, if they are to
  /// be had at once. Both must outlive the search.
  void begin(std::uint64_t end, const CorrectionList& list, CorrectionFile* texts = nullptr);

  /// Reads about `budget` bytes (a chunk, or an item that is longer than one, is read whole) and appends at most `size`
  /// bytes to `out`. False when the answer is complete.
  ///
  /// Of the query without parts the answer is the diary, byte for byte but for what is corrected; of any other it is in
  /// diary format: every entry ends in an empty line and every loose line in a newline, also where the diary has none.
  bool step(std::size_t budget, std::size_t size, std::string& out);

  /// Items that were given out. Empty loose lines don't count, and an entry with its correction counts once.
  std::uint64_t count() const { return count_; }

  /// Where what is searched ends.
  std::uint64_t end() const { return end_; }

  /// The diary is another than the list of corrections knows: what was given out is worth nothing.
  bool stale() const { return stale_ || (corrected_ && corrected_->stale()); }

  /// Memory of what was found and not yet given out, in bytes.
  std::size_t held() const { return pending_.capacity() + places_.capacity() * sizeof places_[0]; }

 private:
  bool find_places(std::size_t budget);
  bool ask_each(std::size_t budget);
  bool look_through_texts(std::size_t budget);
  void take_newest(std::string_view item);
  bool go_on(std::string& out);
  bool count_back();
  void give_from(std::uint64_t place);
  void take(const Scanner::Match& match, std::string& out);
  void give_next_place(std::string& out);
  bool counts_or_is_skipped();
  void give(const Scanner::Match& match, const Corrected::Shown& shown, std::string& out);
  std::size_t places_before(std::uint64_t place) const;

  Query query_;
  Scanner::Read read_;
  std::optional<std::uint64_t> last_;  ///< of -N, while matches are counted; nothing while they are given out
  std::uint64_t begin_;                ///< where the scanner was sent last
  std::uint64_t end_;
  Scanner scanner_;
  std::uint64_t counted_ = 0;  ///< matches from begin_ to the end
  std::uint64_t skip_ = 0;     ///< so many of them are not given out
  std::uint64_t count_ = 0;
  std::string pending_;  ///< of a match: what is left to give out

  std::optional<Corrected> corrected_;
  CorrectionFile* texts_ = nullptr;
  std::optional<Scanner> in_texts_;
  std::size_t corrections_ = 0;  ///< without texts: that are to be asked whether theirs matches
  std::size_t asked_ = 0;        ///< so many have been
  bool places_known_ = true;
  std::vector<std::uint64_t> places_;  ///< of the entries whose newest text matches
  std::size_t next_place_ = 0;         ///< of these, that is given out next
  std::size_t used_ = 0;               ///< bytes that might have been read in the time that corrections took, in a step
  bool one_by_one_ = false;            ///< each item is met where it stands
  bool stale_ = false;
};

}  // namespace md2
