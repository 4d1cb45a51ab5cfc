#include "client/link/exchange.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/error.h"

namespace md2 {
namespace {

constexpr std::size_t room = std::size_t{1} << 20;  ///< bytes: enough to keep the terminal busy, little to throw away

}  // namespace

void Exchange::ask(Verb verb, std::uint64_t number, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back({verb, number, std::move(text)});
  }
  wake_link();
}

void Exchange::hold_since(HeldSince since) {
  const std::lock_guard lock(mutex_);
  held_since_ = since;
}

HeldSince Exchange::held_since() const {
  const std::lock_guard lock(mutex_);
  return held_since_;
}

void Exchange::stop() {
  stopping_ = true;
  wake_link();
}

std::deque<Event> Exchange::take_events() {
  filled_.drain();
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  if (std::exchange(found_full_, false)) wake_link();
  return std::exchange(events_, {});
}

void Exchange::push(Event event) {
  const std::lock_guard lock(mutex_);
  bytes_ += sizeof event + event.message.text.size();
  if (events_.empty()) filled_.wake();
  events_.push_back(std::move(event));
}

bool Exchange::has_room() {
  const std::lock_guard lock(mutex_);
  found_full_ = bytes_ >= room;
  return !found_full_;
}

std::vector<Message> Exchange::take_requests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

short Exchange::wait_for(int fd, short events, std::optional<Clock::Steady> deadline) const {
  std::vector<pollfd> watched{{fd, events, 0}};
  wait_for(watched, deadline);
  return watched.front().revents;
}

void Exchange::wait_for(std::vector<pollfd>& watched, std::optional<Clock::Steady> deadline) const {
  int milliseconds = -1;
  if (deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - real_clock().steady());
    milliseconds = static_cast<int>(std::clamp<long>(left.count(), 0, 1'000'000));
  }
  watched.push_back({wanted_.fd(), POLLIN, 0});
  const int count = poll(watched.data(), watched.size(), milliseconds);
  if (count < 0 && errno != EINTR) throw_errno("cannot wait for the server");
  if (count > 0 && watched.back().revents != 0) wanted_.drain();
  watched.pop_back();
  if (count >= 0) return;
  for (pollfd& item : watched) item.revents = 0;
}

}  // namespace md2
