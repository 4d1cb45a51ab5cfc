#include "common/os/clock.h"

#include <time.h>

#include <array>
#include <utility>

namespace md2 {
namespace {

thread_local Clock* current = nullptr;  ///< the real one

}  // namespace

WallTime Clock::wall() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm fields{};
  localtime_r(&now.tv_sec, &fields);
  return {std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000, static_cast<int>(fields.tm_gmtoff / 60)};
}

Clock& real_clock() {
  static Clock clock;
  return clock;
}

Clock& current_clock() {
  return current != nullptr ? *current : real_clock();
}

UseClock::UseClock(Clock& other) : before_(std::exchange(current, &other)) {}

UseClock::~UseClock() {
  current = before_;
}

std::string local_time(const char* format) {
  const WallTime wall = current_clock().wall();
  const time_t local = wall.micros / 1'000'000 + time_t{wall.offset_minutes} * 60;
  tm fields{};
  gmtime_r(&local, &fields);
  std::array<char, 64> text{};
  return {text.data(), strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace md2
