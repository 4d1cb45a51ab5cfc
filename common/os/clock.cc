#include "common/os/clock.h"

#include <time.h>

#include <array>

namespace md2 {

namespace {

/// In the zone of now: localtime_r(3) keeps the one that it has read first, tzset(3) looks (one stat(2)) whether
/// /etc/localtime is another file by now, for who travels while a prompt is open.
tm local_fields(time_t seconds) {
  tzset();
  tm fields{};
  localtime_r(&seconds, &fields);
  return fields;
}

}  // namespace

WallTime Clock::wall() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const tm fields = local_fields(now.tv_sec);
  return {std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000, static_cast<int>(fields.tm_gmtoff / 60)};
}

Clock& real_clock() {
  static Clock clock;
  return clock;
}

std::string local_time(const char* format) {
  const tm fields = local_fields(::time(nullptr));
  std::array<char, 64> text{};
  return {text.data(), strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace md2
