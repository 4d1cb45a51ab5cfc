#include "client/link/reconnector.h"

#include <algorithm>

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_pause = 100ms;  ///< between two attempts; then twice as long each time
constexpr std::chrono::milliseconds longest_pause = 30s;
constexpr int unspoken_failures = 5;  ///< attempts in a row that the server ended before it greeted

}  // namespace

Reconnector::Decision Reconnector::after(const Ending& ending, bool patient) {
  // Who greets and then makes no sense may do so for ever.
  if (ending.greeted && ending.why != Ending::Why::fault) failures_ = 0;
  if (ending.greeted) told_.reset();
  switch (ending.why) {
    case Ending::Why::stopped:
      return {};
    case Ending::Why::lost:
    case Ending::Why::bye:
      // A server that many try to reach at once closes some connections before it has greeted.
      if (patient && !ending.greeted && failures_ < unspoken_failures) return {Next::attempt, false, next_pause()};
      break;
    case Ending::Why::unreachable:
    case Ending::Why::silent:
    case Ending::Why::fault:
    case Ending::Why::key_refused:
    case Ending::Why::no_key:
    case Ending::Why::older:
    case Ending::Why::newer:
    case Ending::Why::other_diary:
      break;
  }
  const bool no_key = ending.why == Ending::Why::key_refused || ending.why == Ending::Why::no_key;
  const bool new_kind = no_key || ending.why == Ending::Why::older || ending.why == Ending::Why::newer ||
                        ending.why == Ending::Why::other_diary;
  const bool tell = !told_ || (new_kind && *told_ != ending.why);  // else it may change with every attempt
  if (tell) told_ = ending.why;
  return {no_key ? Next::no_key : Next::offline, tell, next_pause()};
}

std::chrono::milliseconds Reconnector::next_pause() {
  return std::min(longest_pause, first_pause * (1 << std::min(failures_++, 10)));
}

}  // namespace md2
