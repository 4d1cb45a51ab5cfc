#include "client/import/wall_time.h"

#include <chrono>
#include <cstdint>

#include "common/diary/when.h"

namespace md2 {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t day = std::int64_t{24} * 60 * minute;

}  // namespace

std::int64_t wall_micros(Date date, int second_of_day) {
  const std::chrono::sys_days midnight = std::chrono::year{date.year} / date.month / date.day;
  return midnight.time_since_epoch().count() * day + second_of_day * second;
}

Timestamp wall_time(Date date, int second_of_day, Clock& clock) {
  const std::int64_t local = wall_micros(date, second_of_day);
  if (const auto shown = first_shown(local, clock)) return *shown;
  const std::int64_t micros = local - clock.offset_at(local - day) * minute;
  return {micros, clock.offset_at(micros)};
}

}  // namespace md2
