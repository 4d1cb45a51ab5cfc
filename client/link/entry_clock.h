#pragma once

#include <cstdint>
#include <string>

#include "client/link/given_times.h"
#include "common/diary/timestamp.h"
#include "common/os/clock.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Gives each entry its time: what the clock shows, in the zone of that moment. Time and text are the identity of an
/// entry, so no microsecond is given twice, to any process of this user: where the clock shows one that was given, it
/// is shifted to the next that was not. A clock that was ahead and is set back shows what it shows.
///
/// The processes of a user know of each other's times by a file, see GivenTimes: locked (flock(2) on the file itself,
/// which is never replaced), read, and written before a time is used, so kill -9 at any moment can only waste one. The
/// file is not synced, as a sync costs more than all else that an entry costs: a power cut may take the times of the
/// last half minute with it. They come again only when the clock, too, starts from before the cut, and hits one of them
/// to the microsecond. Without the file (a folder that is full or can't be written to, a lock that nobody gives back
/// for a second) times are unique within this process.
///
/// Whoever asks again at once (piped input, an import) gets the next few microseconds reserved, twice as many each time
/// and at most a thousandth of a second, so that not every entry is three system calls.
///
/// Not for use by several threads at once.
class EntryClock {
 public:
  /// `file`: path of the times, made with its folder when it is missing; empty: there is none.
  explicit EntryClock(std::string file = {}, Clock& clock = real_clock());

  Timestamp next();

  /// As near behind `time` as nothing was given yet: for an entry of another time.
  Timestamp next_from(Timestamp time);

 private:
  std::int64_t reserve(std::int64_t time);
  GivenTimes::Run give(std::int64_t time, std::int64_t count);
  UniqueFd lock() const;

  std::string file_;
  Clock& clock_;
  GivenTimes own_;
  GivenTimes::Run reserved_{0, -1};  ///< the first is the next to be given
  std::int64_t reserved_at_ = 0;     ///< what the clock showed then
  std::int64_t ahead_ = 1;           ///< microseconds that were reserved last
};

}  // namespace md2
