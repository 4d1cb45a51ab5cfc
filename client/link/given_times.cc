#include "client/link/given_times.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace md2 {
namespace {

/// A run is no longer: an hour of microseconds, so that no damaged file can hold a clock for ever.
constexpr std::int64_t max_length = std::int64_t{3600} * 1'000'000;

constexpr GivenTimes::Run none{0, -1};

/// As it stands in the file.
struct Place {
  std::int64_t first;
  std::uint32_t more;
  std::uint32_t check;
};
static_assert(sizeof(Place) == GivenTimes::run_size);

/// A product by 2^64 over the golden ratio spreads each bit over those above it.
std::uint32_t check_of(std::int64_t first, std::uint32_t more) {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
  const std::uint64_t mixed = (static_cast<std::uint64_t>(first) ^ golden) * golden;
  return static_cast<std::uint32_t>(((mixed ^ (mixed >> 32) ^ more) * golden) >> 32);
}

GivenTimes::Run run_of(const Place& place) {
  if (place.check != check_of(place.first, place.more) || place.more >= max_length) return none;
  if (place.first > std::numeric_limits<std::int64_t>::max() - max_length) return none;
  return {place.first, place.first + place.more};
}

}  // namespace

GivenTimes::GivenTimes(std::string_view bytes) {
  Header header;
  if (bytes.size() < header_size) return;
  std::memcpy(&header, bytes.data(), header_size);
  if (!std::equal(std::begin(header.mark), std::end(header.mark), std::begin(header_.mark)) || header.begun < 0) return;
  header_ = header;
  bytes.remove_prefix(header_size);
  const auto begun = static_cast<std::uint64_t>(header.begun);
  runs_.resize(std::min<std::uint64_t>(begun, max_runs), none);
  for (Run& run : runs_) {
    Place place;
    if (bytes.size() < sizeof place) return;
    std::memcpy(&place, bytes.data(), sizeof place);
    run = run_of(place);
    bytes.remove_prefix(sizeof place);
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

std::string GivenTimes::place(std::size_t number) const {
  const Run& run = runs_[number];
  const auto more = static_cast<std::uint32_t>(run.last - run.first);
  const Place place{run.first, more, check_of(run.first, more)};
  return {reinterpret_cast<const char*>(&place), sizeof place};
}

}  // namespace md2
