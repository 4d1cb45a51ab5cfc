#pragma once

#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// `FILE.lock`, held with flock(2) as long as a server uses the diary. Its first line is where that server listens,
/// HOST:PORT in numbers, so that who has the diary on this machine finds it at whatever port. It counts only while the
/// lock is held: whoever takes the lock empties that line first, and what a crash or a copy leaves in it says nothing.
/// An empty line is a promise to say it; where there is none, the server is one that never does (26.11.23.0708 and
/// before).
///
/// It appears and goes with its first byte, so that nobody reads half of it; and its block is kept, so that a full disk
/// is no reason not to be found.
class DiaryLock {
 public:
  /// Throws Error when another server has it, or it can't be had.
  explicit DiaryLock(const std::string& diary);

  /// What stands in place of an address while the diary is served to nobody, and must not be.
  static constexpr std::string_view being_purged = "being purged";

  /// From now on clients are answered there. Throws Error.
  void serve_at(const std::string& address);

  /// The address may be another's from now on: who looks for this diary waits for the lock. An error is none of whoever
  /// leaves.
  void serve_nowhere();

 private:
  std::string path_;
  UniqueFd file_;
};

}  // namespace md2
