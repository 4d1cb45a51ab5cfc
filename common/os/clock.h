#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace md2 {

/// What a wall clock shows: the moment, and the offset of the user's time zone at that moment.
struct WallTime {
  std::int64_t micros = 0;  ///< microseconds since 1970-01-01 00:00 UTC
  int offset_minutes = 0;   ///< east of Greenwich
};

/// Where all time comes from: the machine's clocks, or those of a simulated world.
class Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual WallTime wall();  ///< CLOCK_REALTIME; TZ or /etc/localtime

  /// Minutes east of Greenwich that the zone of the last wall() has at a moment, in microseconds since 1970.
  virtual int offset_at(std::int64_t micros);

  virtual Steady steady() { return std::chrono::steady_clock::now(); }  ///< for deadlines: never goes back
};

/// The earlier of two deadlines; nothing when there is none.
inline std::optional<Clock::Steady> earlier(std::optional<Clock::Steady> one, std::optional<Clock::Steady> other) {
  return !one || (other && *other < *one) ? other : one;
}

Clock& real_clock();

/// The clock of names that nobody can be given a clock for: the real one, but for what UseClock says.
Clock& current_clock();

/// While it lives, this thread's names are made by another clock.
class UseClock {
 public:
  explicit UseClock(Clock& other);
  ~UseClock();
  UseClock(const UseClock&) = delete;
  UseClock& operator=(const UseClock&) = delete;

 private:
  Clock* before_;
};

/// The user's local time of now, as strftime(3) writes it by `format`: for names and log lines.
std::string local_time(const char* format);

}  // namespace md2
