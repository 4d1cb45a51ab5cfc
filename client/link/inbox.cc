#include "client/link/inbox.h"

#include <utility>

namespace md2 {
namespace {

constexpr std::size_t room = std::size_t{1} << 20;  ///< bytes: enough to keep the terminal busy, little to throw away

}  // namespace

void Inbox::push(Event event) {
  const std::lock_guard lock(mutex_);
  bytes_ += sizeof event + event.message.text.size();
  if (events_.empty()) filled_.wake();
  events_.push_back(std::move(event));
}

bool Inbox::has_room() {
  const std::lock_guard lock(mutex_);
  refused_ = bytes_ >= room;
  return !refused_;
}

std::deque<Event> Inbox::take() {
  filled_.drain();
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  if (std::exchange(refused_, false)) link_.wake();
  return std::exchange(events_, {});
}

}  // namespace md2
