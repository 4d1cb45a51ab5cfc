#pragma once

#include <algorithm>
#include <cstdint>

#include "common/diary/timestamp.h"
#include "common/os/clock.h"

namespace md2 {

/// Gives each entry its time: the wall clock, but never the same microsecond twice and never backwards, because time
/// and text are the identity of an entry. Not for use by several threads at once.
class EntryClock {
 public:
  explicit EntryClock(Clock& clock = real_clock()) : clock_(clock) {}

  Timestamp next() {
    Timestamp time = now(clock_);
    time.micros = last_ = std::max(time.micros, last_ + 1);
    return time;
  }

 private:
  Clock& clock_;
  std::int64_t last_ = 0;
};

}  // namespace md2
