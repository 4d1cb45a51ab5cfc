#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// The microseconds that were given to entries lately, so that none is given twice.
///
/// They are remembered as runs of one microsecond after the other, the last 4,096 runs. One entry is a run of one;
/// where the clock stands still, or many entries come in a moment, a run grows, so that a clock that never moves takes
/// one run, however many entries it dates. The run that was begun first is forgotten first. That is safe because a run
/// is asked for again only when the clock is set back to before the last 4,096 of them, and then it must hit the very
/// microsecond, one in a million of each second, and the entry must have the same text as well: else the two are two
/// entries all the same. Turned down: a table by the time's last digits (a clock that stands still pushes its own times
/// out), the last time only (one clock that was ahead holds all others in the future).
///
/// The bytes are those of the file `times` in the state folder: the mark `md2time2`, the number of runs ever begun (8
/// bytes, signed), and at that number modulo 4,096 the place of the next run; each is its first microsecond since 1970
/// (8 bytes, signed), how many follow it (4), and a checksum of both (4): half of one run and half of another, as a
/// power cut may leave them, would move entries by seconds. All in the machine's order: the file is of one machine, and
/// nothing is lost with it.
class GivenTimes {
 public:
  struct Run {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };

  static constexpr std::size_t max_runs = 4096;
  static constexpr std::size_t header_size = 16;
  static constexpr std::size_t run_size = 16;  ///< bytes of one in the file
  static constexpr std::size_t max_size = header_size + max_runs * run_size;

  /// Nothing was given.
  GivenTimes() = default;

  /// As read from the file. What makes no sense counts as nothing.
  explicit GivenTimes(std::string_view bytes);

  /// The first microsecond from `time` on that was not given.
  std::int64_t free_from(std::int64_t time) const;

  /// `last`, or what comes before it where something between `first`, which is free, and `last` was given.
  std::int64_t free_until(std::int64_t first, std::int64_t last) const;

  /// The run is given from now on. Returns the number of its place: what changed in the file is that and the header.
  std::size_t add(Run run);

  std::string_view header() const;
  std::string place(std::size_t number) const;

 private:
  struct Header {
    char mark[8] = {'m', 'd', '2', 't', 'i', 'm', 'e', '2'};
    std::int64_t begun = 0;
  };

  Header header_;
  std::vector<Run> runs_;
};

}  // namespace md2
