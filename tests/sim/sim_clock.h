#pragma once

#include <chrono>
#include <cstdint>

#include "common/os/clock.h"

namespace md2::sim {

/// The time of a world: one steady clock for all machines in it.
struct Time {
  std::int64_t micros = 0;  ///< since the world began
};

/// The clocks of one machine: a wall clock that people set and a zone that they change. No two readings are equal, as
/// time passes between them.
class SimClock : public Clock {
 public:
  explicit SimClock(Time& time) : time_(time) {}

  WallTime wall() override {
    ++time_.micros;
    return peek();
  }
  int offset_at(std::int64_t) override { return offset_minutes; }
  Steady steady() override { return Steady(std::chrono::microseconds(++time_.micros)); }

  /// The same without a reading.
  WallTime peek() const { return {start + time_.micros + ahead, offset_minutes}; }

  std::int64_t ahead = 0;  ///< of the true time, in microseconds
  int offset_minutes = 480;

 private:
  static constexpr std::int64_t start = 1'761'658'000'000'000;  // 2025-10-28 UTC

  Time& time_;
};

}  // namespace md2::sim
