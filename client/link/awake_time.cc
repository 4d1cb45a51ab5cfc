#include "client/link/awake_time.h"

#include <algorithm>
#include <utility>

namespace md2 {
namespace {

constexpr std::chrono::nanoseconds most_between_looks = std::chrono::seconds(1);

}  // namespace

Clock::Steady AwakeTime::now(std::chrono::nanoseconds waited) {
  const Clock::Steady shown = clock_.steady();
  const std::chrono::nanoseconds passed = shown - std::exchange(looked_, shown);
  asleep_ += std::max<std::chrono::nanoseconds>(passed - waited - most_between_looks, std::chrono::nanoseconds(0));
  return shown - asleep_;
}

}  // namespace md2
