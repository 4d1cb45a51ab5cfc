#include "common/os/clock.h"

#include <time.h>

#include <array>

namespace md2 {

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

std::string local_time(const char* format) {
  const time_t now = ::time(nullptr);
  tm fields{};
  localtime_r(&now, &fields);
  std::array<char, 64> text{};
  return {text.data(), strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace md2
