#include "client/link/entry_clock.h"

#include <algorithm>

namespace md2 {

Timestamp EntryClock::next() {
  Timestamp time = now(clock_);
  time.micros = last_ = std::max(time.micros, last_ + 1);
  return time;
}

}  // namespace md2
