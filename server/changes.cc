#include "server/changes.h"

#include <algorithm>

namespace md2 {

Message Changes::tell(std::uint64_t floor) {
  floors_.push_back(floor);
  if (floors_.size() > most) {
    floors_[1] = std::min(floors_[0], floors_[1]);
    floors_.pop_front();
  }
  return {Verb::since, floor, {}, ++told_};
}

std::uint64_t Changes::since_of(const Message& write) {
  const std::uint64_t heard = std::min(write.second, told_);
  while (floors_.size() > told_ - heard) floors_.pop_front();
  std::uint64_t since = write.number;
  for (const std::uint64_t floor : floors_) since = std::min(since, floor);
  return since;
}

}  // namespace md2
