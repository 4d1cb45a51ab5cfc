#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/diary/timestamp.h"

namespace md2 {

/// The times that a purge has closed, kept in `FILE.purged` beside the diary: of entries that were struck out or whose
/// first text is gone, and of the corrections that did it. An old backup, a mirror or an outbox may bring such an entry
/// again; it is known by its time, because nothing is kept of its text.
///
/// One time a line as a header has it; other lines mean nothing.
class ClosedTimes {
 public:
  ClosedTimes() = default;

  /// `diary`: its path, without symbolic links. A file that is missing holds none. Throws Error.
  explicit ClosedTimes(const std::string& diary);

  bool hold(Timestamp time) const;
  std::size_t size() const { return times_.size(); }

  void add(std::vector<Timestamp> times);
  void add(const ClosedTimes& others) { add(others.times_); }

  /// Those of the other diary hold as well, and it gets those that it lacks. As keep().
  void bring_to(const std::string& diary);

  /// On stable storage when it returns. The caller holds the diary's lock. Throws Error.
  void keep(const std::string& diary) const;

 private:
  std::vector<Timestamp> times_;  ///< sorted
};

}  // namespace md2
