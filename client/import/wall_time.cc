#include "client/import/wall_time.h"

#include <chrono>
#include <cstdint>

#include "common/diary/when.h"

namespace md2 {
namespace {

constexpr std::int64_t second_micros = 1'000'000;
constexpr std::int64_t minute_micros = 60 * second_micros;
constexpr std::int64_t day_micros = std::int64_t{24} * 60 * minute_micros;

}  // namespace

std::int64_t wall_micros(Date date, int second_of_day) {
  const std::chrono::sys_days midnight = std::chrono::year{date.year} / date.month / date.day;
  return midnight.time_since_epoch().count() * day_micros + second_of_day * second_micros;
}

Timestamp wall_time(Date date, int second_of_day, Clock& clock) {
  const std::int64_t local = wall_micros(date, second_of_day);
  if (const auto shown = first_shown(local, clock)) return *shown;
  const std::int64_t micros = local - clock.offset_at(local - day_micros) * minute_micros;
  return {micros, clock.offset_at(micros)};
}

}  // namespace md2
