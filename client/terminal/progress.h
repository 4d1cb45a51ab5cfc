#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace md2 {

/// A line on a terminal that tells how far a long piece of work has come: how much, how fast, which part of the whole.
///
///     read 120,000 entries, 24 MiB, 5 MiB/s, 45 %
///
/// It appears when the work has taken half a second, is rewritten in place at most ten times a second, and is gone when
/// the work is done. The clock is looked at as the work goes on; there is no timer and no thread. Where there is no
/// terminal there is no line.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;

  /// `fd`: of the terminal, if it is one. `done`: a verb ("read"). `total`: bytes of the whole, 0 when not known.
  Progress(int fd, std::string done, std::uint64_t total, Now now = Clock::now);
  ~Progress() { erase(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many bytes are done, of so many entries (0: they were not counted).
  void reach(std::uint64_t bytes, std::uint64_t entries = 0);

  /// Takes the line away, so that something else can be said; the next reach() may bring it back.
  void erase();

 private:
  int fd_;  ///< -1: there is no terminal
  std::string done_;
  std::uint64_t total_;
  Now now_;
  bool shown_ = false;
  Clock::time_point begin_;
  Clock::time_point next_;  ///< the line is not written before
};

/// `1,234,567`.
std::string with_commas(std::uint64_t number);

/// In KiB, MiB or GiB, three digits at least as far as they go: `999 KiB`, `1.5 GiB`.
std::string as_size(std::uint64_t bytes);

}  // namespace md2
