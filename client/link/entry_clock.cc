#include "client/link/entry_clock.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto lock_time = 1s;  ///< others hold it for microseconds; one that was stopped meanwhile, until it goes on
constexpr std::int64_t at_once = 100;      ///< microseconds between two entries of one flow
constexpr std::int64_t max_ahead = 1'000;  ///< microseconds that one process keeps from the others

std::optional<GivenTimes> read_times(int fd, const std::string& path) {
  try {
    return GivenTimes(read_start(fd, GivenTimes::max_size, {tr_later("file"), path}));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

EntryClock::EntryClock(std::string file, Clock& clock) : file_(std::move(file)), clock_(clock) {
  if (file_.empty()) return;
  try {
    make_folders(folder_of(file_));
  } catch (const Error&) {
    file_.clear();
  }
}

Timestamp EntryClock::next() {
  Timestamp time = now(clock_);
  const bool inside = reserved_.first <= reserved_.last && time.micros >= reserved_at_ && time.micros <= reserved_.last;
  time.micros = inside ? std::max(time.micros, reserved_.first) : reserve(time.micros);
  reserved_.first = time.micros + 1;
  return time;
}

Timestamp EntryClock::next_from(Timestamp time) {
  time.micros = give(time.micros, 1).first;
  return time;
}

/// The first microsecond from `time` on that is this process's, and what follows in reserved_.
std::int64_t EntryClock::reserve(std::int64_t time) {
  // Entries that come faster than microseconds are ahead of the clock.
  const bool flows = reserved_.last >= reserved_at_ && time >= reserved_at_ && time - reserved_.last < at_once;
  ahead_ = flows ? std::min(ahead_ * 2, max_ahead) : 1;
  reserved_at_ = time;
  reserved_ = give(time, ahead_);
  return reserved_.first;
}

/// The first microseconds from `time` on that were not given, at most `count`. They are this process's from now on.
GivenTimes::Run EntryClock::give(std::int64_t time, std::int64_t count) {
  const UniqueFd held = lock();
  std::optional<GivenTimes> all = held ? read_times(held.get(), file_) : std::nullopt;
  std::int64_t first = time;
  for (std::int64_t before = first - 1; before != first;) {
    before = first;
    first = own_.free_from(first);
    if (all) first = all->free_from(first);
  }
  std::int64_t last = own_.free_until(first, first + count - 1);
  if (all) last = all->free_until(first, last);
  const GivenTimes::Run given{first, last};
  own_.add(given);
  if (all) {
    const std::size_t number = all->add(given);
    const std::uint64_t offset = GivenTimes::header_size + number * GivenTimes::run_size;
    // The place goes first: a kill between the two leaves a header that gives it to the next one.
    write_all_at(held.get(), offset, all->place(number));
    write_all_at(held.get(), 0, all->header());
  }
  return given;
}

UniqueFd EntryClock::lock() const {
  if (file_.empty()) return {};
  try {
    const Clock::Steady deadline = clock_.steady() + lock_time;
    for (;;) {
      UniqueFd held = lock_file(file_, Wait::no);
      if (held || clock_.steady() >= deadline) return held;
      std::this_thread::sleep_for(50us);
    }
  } catch (const Error&) {
    return {};
  }
}

}  // namespace md2
