#pragma once

#include <chrono>

#include "common/os/clock.h"

namespace md2 {

/// The time of one who waits for somebody else, for his deadlines. It stands still while this process does not run
/// (SIGSTOP, a debugger, a machine that is paused): nobody is blamed for an answer that nobody was there to take.
/// Between two looks at it a second counts at most, besides what was to be waited. For one thread.
class AwakeTime {
 public:
  explicit AwakeTime(Clock& clock = real_clock()) : clock_(clock), looked_(clock.steady()) {}

  /// `waited`: how long a wait since the last look was to take at most.
  Clock::Steady now(std::chrono::nanoseconds waited = {});

 private:
  Clock& clock_;
  Clock::Steady looked_;
  std::chrono::nanoseconds asleep_{0};  ///< so far
};

}  // namespace md2
