#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "common/os/new_file.h"
#include "common/os/unique_fd.h"
#include "server/diary/ring.h"
#include "server/diary/round.h"

namespace md2 {

/// Looks whether entries that the server saved still stand in the diary after its owner has changed it, and keeps those
/// that don't in `FILE.missing.TIME`. It goes through the diary in slices, each time on from where it found the last
/// one: a change near the front costs one pass, and what is gone one more for each `at_once` bytes. Memory is bounded
/// by the ring and `at_once`.
///
/// An entry is there when same_entry() finds it at the beginning of a line, wherever that is.
class Audit {
 public:
  /// Bytes of entries of an old diary that are looked for at once.
  static constexpr std::uint64_t at_once = std::uint64_t{4} << 20;

  struct Outcome {
    std::size_t missing = 0;  ///< entries
    std::string file;         ///< where they are now, synced; empty when none is missing

    /// A line for the owner, when some are missing from the diary of that path.
    std::string told(const std::string& path) const;
  };

  /// `path`: of the diary, beside which is kept what is missing.
  explicit Audit(std::string path) : path_(std::move(path)) {}

  /// What the ring holds is in doubt. What was in doubt before stays so, and all is looked for from the start. Throws
  /// Error when the ring can't be read.
  void doubt(const Ring& ring);

  /// The next doubt() and renew() are of another ring; what the one until now held is looked for as before.
  void change_ring() { ring_notes_ = 0; }

  /// The same for what `old`, the diary until now, holds from `begin` to `end`: nothing behind it was called saved. The
  /// descriptor is the last copy of it, and is held until the audit is done.
  void doubt(UniqueFd old, std::uint64_t begin, std::uint64_t end);

  /// True for an entry, with the newlines that end it or without, that was in the ring and is looked for: at the end it
  /// is in the ring again, or kept.
  bool guards(std::string_view entry) const;

  /// Notes of the ring with lower numbers are in doubt.
  std::uint64_t in_doubt_before() const { return ring_notes_; }

  bool active() const { return !ring_.empty() || !olds_.empty(); }

  /// Looks through about `budget` bytes of the diary `fd`, which ends at `end`. Gives the outcome when all was looked
  /// for. Throws Error when something can't be read, or when what is missing can't be kept: the next step() begins
  /// again.
  std::optional<Outcome> step(int fd, std::uint64_t end, std::size_t budget);

  /// Notes in the ring what of it the diary still holds, each entry with its place of now, and lets it forget the
  /// rest. After an outcome, once. Throws Error: what the diary still holds is in doubt as before then, and what is
  /// kept is not.
  void renew(Ring& ring, int fd);

 private:
  struct Wanted {
    std::string text;                    ///< without newlines at its end
    std::optional<std::uint64_t> place;  ///< once it is found
    Wanted* same_header = nullptr;       ///< another one, of the same moment
  };
  struct Old {
    UniqueFd fd;
    std::uint64_t begin;
    std::uint64_t end;
  };

  void restart();
  bool want_next();
  void gather();
  void want(std::deque<Wanted>& wanted);
  std::uint64_t search(int fd, std::uint64_t end);
  std::uint64_t look_at(const HeaderWalk::Read& read, std::uint64_t place, std::string_view from_header);
  void keep_lacking();
  Outcome finish();

  std::string path_;
  std::deque<Wanted> ring_;
  std::unordered_map<std::size_t, const Wanted*> in_ring_;  ///< by same_entry_hash()
  std::uint64_t ring_notes_ = 0;                            ///< those with lower numbers are in ring_
  std::deque<Old> olds_;

  // Of the round under way:
  enum class Stage { nothing, ring, olds };
  Stage stage_ = Stage::nothing;
  std::deque<Wanted> of_old_;
  std::uint64_t gathered_ = 0;   ///< bytes of the old diary that of_old_ was taken from, while more is to come
  std::size_t old_ = 0;          ///< of olds_
  std::uint64_t old_begin_ = 0;  ///< what stands before it in that one was looked for
  std::deque<Wanted>* wanted_ = nullptr;
  std::unordered_map<std::string_view, Wanted*> by_header_;
  std::size_t lacking_ = 0;
  Literal line_;                          ///< how those begin that are wanted
  HeaderWalk walk_;                       ///< of the diary
  Round round_;                           ///< of what is wanted
  std::optional<NewFile> file_;           ///< what is missing
  std::unordered_set<std::size_t> kept_;  ///< same_entry_hash() of what it holds
};

}  // namespace md2
