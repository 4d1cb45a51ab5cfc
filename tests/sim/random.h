#pragma once

#include <cstddef>
#include <cstdint>

namespace md2::sim {

/// All chance of a world: the same seed gives the same numbers on every machine (splitmix64, Steele et al. 2014).
/// Nothing of <random> is used, whose distributions differ from library to library.
class Random {
 public:
  /// Mixed, for the numbers of one seed are those of another from some place on, and that place is to be far away.
  explicit Random(std::uint64_t seed) : state_(mixed(mixed(seed) + 1)) {}

  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15); }

  /// 0 to `limit` - 1; 0 when there is no choice.
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(next() % limit); }
  std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }

  /// True `per_mille` times in a thousand.
  bool chance(std::size_t per_mille) { return below(1000) < per_mille; }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace md2::sim
