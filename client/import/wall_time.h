#pragma once

#include <cstdint>

#include "common/diary/timestamp.h"
#include "common/os/clock.h"

namespace md2 {

/// The moment at which a clock on the wall of the user's zone showed this: the first of an hour that came twice. An
/// hour that clocks left out when they were put forward counts from the time before, as mktime(3) has it: a diary that
/// was written by a program without zones may hold it.
Timestamp wall_time(Date date, int second_of_day, Clock& clock);

/// What that clock showed, in microseconds since 1970-01-01 00:00 on it.
std::int64_t wall_micros(Date date, int second_of_day);

}  // namespace md2
