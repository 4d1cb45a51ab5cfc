#include "client/link/exchange.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

/// Bytes: enough to keep the terminal busy, little to throw away.
constexpr std::size_t queue_room = std::size_t{1} << 20;
constexpr std::chrono::milliseconds longest_moment = std::chrono::seconds(1);
constexpr std::chrono::milliseconds longest_wait = std::chrono::minutes(10);

}  // namespace

void Exchange::ask(Verb verb, std::uint64_t number, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_ || verb == Verb::hi) requests_.push_back({verb, number, std::move(text)});
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

Way Exchange::way() const {
  const std::lock_guard lock(mutex_);
  return way_;
}

void Exchange::take_way(Way way) {
  const std::lock_guard lock(mutex_);
  way_ = std::move(way);
}

void Exchange::stop() {
  stopping_ = true;
  wake_link();
}

void Exchange::leave() {
  leaving_ = true;
  wake_link();
}

std::deque<Event> Exchange::take_events() {
  filled_.drain();
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  ended_ = false;
  if (std::exchange(found_full_, false)) wake_link();
  return std::exchange(events_, {});
}

void Exchange::push(Event event) {
  const std::lock_guard lock(mutex_);
  bytes_ += sizeof event + event.message.text.size();
  if (events_.empty()) filled_.wake();
  ended_ = ended_ || event.kind == Event::Kind::offline || event.kind == Event::Kind::no_key;
  events_.push_back(std::move(event));
}

bool Exchange::has_room() {
  const std::lock_guard lock(mutex_);
  found_full_ = bytes_ >= queue_room;
  return !found_full_;
}

std::vector<Message> Exchange::take_requests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

short Exchange::wait_for(int fd, short events, std::optional<Clock::Steady> deadline) {
  std::vector<pollfd> watched{{fd, events, 0}};
  wait_for(watched, deadline);
  return watched.front().revents;
}

/// In steps, while somebody has time until a deadline: how long this process was stopped shows only between two looks.
void Exchange::wait_for(std::vector<pollfd>& watched, std::optional<Clock::Steady> deadline) {
  if (!deadline) {
    wait_a_moment(watched, std::nullopt);
    time_.now(std::chrono::hours(24 * 365));  // nobody owes anything: it does not matter how long it was
    return;
  }
  const bool alone = std::all_of(watched.begin(), watched.end(), [](const pollfd& item) { return item.fd < 0; });
  for (Clock::Steady now = time_.now();;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now);
    const auto moment = std::clamp(left, std::chrono::milliseconds(0), alone ? longest_wait : longest_moment);
    const bool woken = wait_a_moment(watched, moment);
    now = time_.now(moment);
    if (woken || now >= *deadline) return;
  }
}

/// True when something other than time ended the wait.
bool Exchange::wait_a_moment(std::vector<pollfd>& watched, std::optional<std::chrono::milliseconds> moment) {
  watched.push_back({wanted_.fd(), POLLIN, 0});
  const int count = poll(watched.data(), watched.size(), moment ? static_cast<int>(moment->count()) : -1);
  if (count < 0 && errno != EINTR) throw_errno(tr("cannot wait for the server"));
  if (count > 0 && watched.back().revents != 0) wanted_.drain();
  watched.pop_back();
  if (count < 0) {
    for (pollfd& item : watched) item.revents = 0;
  }
  return count != 0;
}

}  // namespace md2
