#include "client/link/given_times.h"

#include <algorithm>
#include <cstring>

namespace md2 {
namespace {

/// A run is no longer: an hour of microseconds, so that no damaged file can hold a clock for ever.
constexpr std::int64_t max_length = std::int64_t{3600} * 1'000'000;

constexpr GivenTimes::Run none{0, -1};

}  // namespace

GivenTimes::GivenTimes(std::string_view bytes) {
  Header header;
  if (bytes.size() < header_size) return;
  std::memcpy(&header, bytes.data(), header_size);
  if (!std::equal(std::begin(header.mark), std::end(header.mark), std::begin(header_.mark)) || header.begun < 0) return;
  header_ = header;
  bytes.remove_prefix(header_size);
  const auto begun = static_cast<std::uint64_t>(header.begun);
  const std::size_t written = std::min(bytes.size() / sizeof(Run), max_runs);
  runs_.resize(std::min<std::uint64_t>(begun, max_runs), none);
  std::memcpy(runs_.data(), bytes.data(), std::min(written, runs_.size()) * sizeof(Run));
  for (Run& run : runs_) {
    const auto length = static_cast<std::uint64_t>(run.last) - static_cast<std::uint64_t>(run.first);
    if (run.last < run.first || length >= static_cast<std::uint64_t>(max_length)) run = none;
  }
}

std::int64_t GivenTimes::free_from(std::int64_t time) const {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Run& run : runs_) {
      if (time < run.first || time > run.last) continue;
      time = run.last + 1;
      moved = true;
    }
  }
  return time;
}

std::int64_t GivenTimes::free_until(std::int64_t first, std::int64_t last) const {
  for (const Run& run : runs_) {
    if (run.first <= run.last && run.first > first && run.first <= last) last = run.first - 1;
  }
  return last;
}

std::size_t GivenTimes::add(Run run) {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (runs_[i].last != run.first - 1 || runs_[i].last < runs_[i].first) continue;
    if (run.last - runs_[i].first >= max_length) continue;
    runs_[i].last = run.last;
    return i;
  }
  const std::size_t number = static_cast<std::size_t>(header_.begun++) % max_runs;
  if (number >= runs_.size()) runs_.resize(number + 1, none);
  runs_[number] = run;
  return number;
}

std::string_view GivenTimes::header() const {
  return {reinterpret_cast<const char*>(&header_), header_size};
}

std::string_view GivenTimes::place(std::size_t number) const {
  return {reinterpret_cast<const char*>(&runs_[number]), sizeof(Run)};
}

}  // namespace md2
