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
#include "server/diary/required_literals.h"

namespace md2 {

/// Finds the items of a diary that match a query, from one place to another in the order of the file, without an index
/// and without ever holding more than one chunk or one item of it.
///
/// Words decide the speed: a chunk is searched for the part of the query that is rarest at its beginning, a literal or
/// several of which one must be there. Only around a hit one looks for where the item begins and ends, and asks for the
/// rest of the query. That works from anywhere, because two things are never inside an item: a header at the beginning
/// of a line begins one, and what follows an empty line begins one. Each literal of the part looks at a byte of the
/// chunk once, however often the others are hit. A query that only says what must not be there looks at each item.
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

  /// To be called when other scanners may have worked meanwhile: they all share their memory. work() begins anew.
  void resume();

  struct Match {
    std::string_view raw;      ///< valid until the next call, whichever scanner gets it
    std::uint64_t place = 0;   ///< in the diary
    std::size_t items = 0;     ///< in it that are not empty lines
    std::size_t newlines = 0;  ///< lacking for it to end as the diary format has it
  };

  /// Items of which it is true are given one by one, for the query without parts as well.
  using Alone = std::function<bool(std::string_view raw)>;
  void give_alone(Alone alone) { alone_ = std::move(alone); }

  /// The next item that matches. For the query without parts: as many items as `room` bytes take, one at least.
  /// Nothing when a chunk has come to its end, maybe not the last one: see at_end().
  std::optional<Match> next(std::size_t room);

  bool at_end() const { return at_ >= end_; }

  /// Bytes that were read or compared since resume().
  std::uint64_t work() const { return work_; }

 private:
  std::string_view load(std::uint64_t offset, std::size_t size);
  void load_chunk(std::size_t size);
  std::string_view take(std::size_t size);
  std::optional<Match> next_match();
  std::optional<Match> next_run(std::size_t room);
  std::optional<Match> match(std::string_view raw);
  std::pair<std::size_t, std::size_t> candidate();
  std::optional<std::size_t> first_hit();
  const Alternatives* rarest_in(std::string_view sample) const;

  Query query_;
  std::size_t literals_ = 0;            ///< of the query, that an item may be searched for
  std::string scratch_;                 ///< an unescaped text
  std::vector<Alternatives> required_;  ///< every item that matches holds one of each
  Read read_;
  Alone alone_;
  std::size_t chunk_size_;
  std::uint64_t at_ = 0;  ///< where an item begins, up to which has been searched
  std::uint64_t end_ = 0;
  std::string_view chunk_;                ///< what was read from at_ on
  bool last_chunk_ = false;               ///< it goes up to end_
  const Alternatives* rarest_ = nullptr;  ///< in the chunk, of required_
  /// Of each of these where it stands next in the chunk; nothing, or a place before at_, when that is not known.
  std::vector<std::optional<std::uint64_t>> hits_;
  std::uint64_t work_ = 0;
};

}  // namespace md2
