#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/diary/query.h"
#include "common/text/literal.h"

namespace md2 {

/// Finds the items of a diary that match a query, from one place to another in the order of the file, without an index
/// and without ever holding more than one chunk or one item of it.
///
/// Words decide the speed: a chunk is searched for the literal of the query that is rarest at its beginning. Only
/// around a hit one looks for where the item begins and ends, and asks for the rest of the query. That works from
/// anywhere, because two things are never inside an item: a header at the beginning of a line begins one, and what
/// follows an empty line begins one.
class Scanner {
 public:
  /// Reads `size` bytes of the diary from `offset` and returns how many it got: fewer only where the diary ends.
  using Read = std::function<std::size_t(std::uint64_t offset, char* to, std::size_t size)>;

  static constexpr std::size_t default_chunk = std::size_t{256} << 10;

  /// No `chunk` is larger than max_encoded.
  Scanner(Query query, Read read, std::size_t chunk);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// Goes on at `begin` and to before `end`; at both an item begins, or the diary ends.
  void seek(std::uint64_t begin, std::uint64_t end);

  /// Goes on at the beginning of an item about a chunk before `offset`, and to before that, where one begins as well.
  /// Returns where it goes on.
  std::uint64_t seek_before(std::uint64_t offset);

  /// To be called when other scanners may have worked meanwhile: they all share their memory.
  void resume() { chunk_ = {}; }

  struct Match {
    std::uint64_t offset = 0;
    std::string_view raw;      ///< valid until the next call, whichever scanner gets it
    std::size_t items = 0;     ///< in it that are not empty lines
    std::size_t newlines = 0;  ///< lacking for it to end as the diary format has it
  };

  /// The next item that matches. For the query without parts: as many items as `room` bytes take, one at least.
  /// Nothing when a chunk has come to its end, maybe not the last one: see at_end().
  std::optional<Match> next(std::size_t room);

  bool at_end() const { return at_ >= end_; }

  /// For whoever gives out a match in parts; counts as work.
  std::size_t read(std::uint64_t offset, char* to, std::size_t size);

  /// Bytes that were read or compared so far.
  std::uint64_t work() const { return work_; }

 private:
  std::string_view load(std::uint64_t offset, std::size_t size);
  void load_chunk(std::size_t size);
  std::string_view take(std::size_t size);
  std::optional<Match> next_match();
  std::optional<Match> next_run(std::size_t room);
  std::optional<Match> long_item();
  std::optional<Match> match(std::string_view raw);
  std::pair<std::size_t, std::size_t> candidate() const;
  const Literal* rarest_in(std::string_view sample) const;

  Query query_;
  std::string scratch_;            ///< an unescaped text
  std::vector<Literal> literals_;  ///< that every item holds which matches
  Read read_;
  std::size_t chunk_size_;
  std::uint64_t at_ = 0;  ///< where an item begins, up to which has been searched
  std::uint64_t end_ = 0;
  std::string_view chunk_;           ///< what was read from at_ on
  bool last_chunk_ = false;          ///< it goes up to end_
  const Literal* rarest_ = nullptr;  ///< in the chunk, of literals_
  std::uint64_t work_ = 0;
};

}  // namespace md2
