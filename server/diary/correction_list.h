#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/timestamp.h"
#include "server/diary/correction_file.h"

namespace md2 {

/// The corrections that a diary holds, and the entries that bear a time which one of them names: where each stands, and
/// nothing of its text. 56 bytes for one correction and its entry, and at
/// most 1.3 MiB in all.
///
/// Corrections are in the order of the file. Those that name one time are neighbours in a chain, the first of the file
/// in front, and with it are the entries of that time. Turned down: std::unordered_multimap (twice the memory), and a
/// sorted array (who appends ten thousand to it one by one moves it ten thousand times).
class CorrectionList {
 public:
  /// More are not kept.
  static constexpr std::size_t most = (std::size_t{1} << 20) - 1;

  struct Ink {
    std::uint64_t place = 0;  ///< in the diary, less than 2^48
    std::int64_t when = 0;    ///< of its own header, microseconds since 1970
    EntryName of;
    bool strikes = false;
  };

  struct Entry {
    std::uint64_t place = 0;
    std::uint32_t hash = 0;  ///< name_hash()
  };

  /// False, and nothing is added, when there are `most`. It stands behind all that were added.
  bool add(const Ink& ink);

  /// An entry that bears a time which names() knows; once for each place. False as add().
  bool add_entry(Timestamp time, Entry entry);

  void clear() { *this = {}; }

  /// Gives all of it to `sink`, in pieces, for read() in another process of this program on this machine.
  void write(const CorrectionFile::Sink& sink) const;

  /// False, and it is empty, when that is not what write() has given.
  bool read(const CorrectionFile::Source& source);

  bool empty() const { return inks_.empty(); }
  std::size_t size() const { return inks_.size(); }
  Ink operator[](std::size_t number) const;

  /// True when one names an entry of that time.
  bool names(Timestamp time) const { return find(time) != none; }

  /// The same, for one with that number or a later one, and none before it.
  bool names_since(std::size_t number, Timestamp time) const;

  /// False for most items whose header bears a time that no correction names. `raw` begins with a header.
  bool may_name(std::string_view raw) const;

  /// Gives the number of each correction that names the time to `take`.
  template <typename Take>
  void each_of(Timestamp time, Take take) const {
    for (Number at = find(time); at != none && time_of(inks_[at]) == time; at = inks_[at].next) take(at);
  }

  /// Gives each known entry that bears the time to `take`.
  template <typename Take>
  void each_entry(Timestamp time, Take take) const {
    const Number first = find(time);
    if (first == none) return;
    for (Number at = inks_[first].entries; at != none; at = entries_[at].next) {
      take(Entry{entries_[at].place, entries_[at].hash});
    }
  }

 private:
  using Number = std::uint32_t;
  static constexpr Number none = most;

  struct Packed {
    std::uint64_t place : 48;
    std::uint64_t zone : 12;  ///< of the time that it names, minutes east of Greenwich and a day
    std::uint64_t strikes : 1;
    std::uint64_t has_hash : 1;
    std::int64_t named;  ///< that time
    std::int64_t when;
    std::uint32_t hash;
    std::uint32_t next : 20;     ///< in its chain
    std::uint32_t entries : 20;  ///< of the first one that names the time: a chain of them
  };

  struct PackedEntry {
    std::uint64_t place;
    std::uint32_t hash;
    std::uint32_t next;
  };

  static Timestamp time_of(const Packed& ink);
  Number find(Timestamp time) const;
  std::uint32_t& chain_of(Timestamp time);
  void link(Number number);
  void grow();

  std::deque<Packed> inks_;
  std::deque<PackedEntry> entries_;
  std::vector<std::uint32_t> chains_;  ///< by the hash of the time
  std::vector<std::uint64_t> named_;   ///< a bit of each filter_bit(), of all times that are named
};

}  // namespace md2
