#include "common/os/clock.h"

#include <time.h>

#include <array>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

namespace md2 {
namespace {

/// The zone may be another by now, for who travels while a prompt is open: localtime_r(3) keeps the one that it has
/// read first, tzset(3) looks (one stat(2)) whether /etc/localtime is another file. Who asks for many times in a flow
/// has that done once in a thousandth of a second.
void look_at_zone(const timespec& now) {
  constexpr std::int64_t often = 1'000;  // microseconds
  static std::atomic<std::int64_t> looked = std::numeric_limits<std::int64_t>::min();
  const std::int64_t micros = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  const std::int64_t last = looked;
  if (micros >= last && micros - often < last) return;
  static std::mutex one_at_a_time;  // tzset(3) has a lock of its own, but one that the thread sanitizer can't see
  const std::lock_guard lock(one_at_a_time);
  tzset();
  looked = micros;
}

tm local_fields(const timespec& now) {
  look_at_zone(now);
  tm fields{};
  localtime_r(&now.tv_sec, &fields);
  return fields;
}

thread_local Clock* used_clock = nullptr;  ///< the real one

}  // namespace

WallTime Clock::wall() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const tm fields = local_fields(now);
  return {std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000, static_cast<int>(fields.tm_gmtoff / 60)};
}

int Clock::offset_at(std::int64_t micros) {
  constexpr std::int64_t second = 1'000'000;
  const time_t seconds = micros / second - (micros % second < 0 ? 1 : 0);
  tm fields{};
  localtime_r(&seconds, &fields);
  return static_cast<int>(fields.tm_gmtoff / 60);
}

Clock& real_clock() {
  static Clock clock;
  return clock;
}

Clock& current_clock() {
  return used_clock != nullptr ? *used_clock : real_clock();
}

UseClock::UseClock(Clock& other) : before_(std::exchange(used_clock, &other)) {}

UseClock::~UseClock() {
  used_clock = before_;
}

std::string local_time(const char* format) {
  const WallTime wall = current_clock().wall();
  const time_t local = wall.micros / 1'000'000 + time_t{wall.offset_minutes} * 60;
  tm fields{};
  gmtime_r(&local, &fields);
  fields.tm_gmtoff = long{wall.offset_minutes} * 60;
  std::array<char, 64> text{};
  return {text.data(), strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace md2
