#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "common/os/clock.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/ring.h"

namespace md2 {

/// For the messages of errors.
inline constexpr FileName the_diary{tr_later("the diary's file"), {}};

/// When the diary has to be compared with the ring. Its time stamps prove nothing by themselves: after an own append a
/// save of the owner's can hide behind it, and two writes within one tick of the clock bear one stamp. So the file is
/// unproven after each change until it has been compared, and the stamp that counts is one that had been the same for
/// longer than a tick.
class Proof {
 public:
  using Time = Clock::Steady;
  using Status = struct stat;

  /// What stat(2) says now. True when it is not what it said last: somebody else has touched the file.
  bool look(const Status& status, Time now);

  /// stat(2) says what it said last.
  bool knows(const Status& status) const { return stamp_of(status) == stamp_; }
  bool knows(int fd) const;

  /// `bytes` were appended, and then stat(2) said this.
  void appended(std::uint64_t bytes, const Status& status, Time now);

  /// Since the last comparison.
  bool has_appended() const { return bytes_ > 0; }

  /// Nothing that was known counts any more: it is due.
  void reset() {
    proven_ = false;
    next_ = {};
  }

  /// True when the file is to be compared now: once a second in which the server has anything to do (even both stamps
  /// can be put back), and before the ring forgets what was not compared.
  bool due(Time now) const;

  /// Somebody waits for the next comparison. It is due at once, but all of them together take a twentieth of the time.
  void want() { wanted_ = true; }

  /// It was compared from `begin` to `now`, and all was well.
  void compared(Time begin, Time now);

  /// How often that was so.
  std::uint64_t comparisons() const { return comparisons_; }

  /// When it has to be compared though nothing else is to be done; nothing while it is proven.
  std::optional<Time> deadline() const;

 private:
  struct Stamp {
    std::uint64_t size = 0;
    std::int64_t modified = 0;  ///< nanoseconds since 1970
    std::int64_t changed = 0;   ///< of the inode

    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const Status& status);

  Stamp stamp_;
  Time since_{};  ///< when that stamp was first seen
  bool proven_ = false;
  Time next_{};
  std::uint64_t bytes_ = 0;  ///< appended since the last comparison
  bool wanted_ = false;
  Time rested_{};  ///< when the next comparison may be had because it is wanted
  std::uint64_t comparisons_ = 0;
};

/// True when all that the ring holds, from the note of that number on, stands in the file `fd` where it was put. Throws
/// Error.
bool stands_as_noted(const Ring& ring, int fd, std::uint64_t from = 0);

/// The same for a file that need not be there.
bool stands_as_noted(const Ring& ring, const std::string& path);

}  // namespace md2
