#pragma once

#include <chrono>
#include <functional>
#include <vector>

namespace md2::bench {

using Clock = std::chrono::steady_clock;
using Figures = std::vector<double>;

inline constexpr int rounds = 5;

/// The figure that `part` (0 to 1) of all are not above.
double percentile(Figures figures, double part);

inline double median(const Figures& figures) {
  return percentile(figures, 0.5);
}

double seconds(Clock::duration time);
double milliseconds(Clock::duration time);
double microseconds(Clock::duration time);

/// Measures once, in whatever unit.
using Measure = std::function<double()>;

/// Measures all of them in turn, `rounds` times over, so that what disturbs the machine meanwhile disturbs them all.
/// Returns the median of each. Throws Interrupted.
std::vector<double> alternate(const std::vector<Measure>& measures);

/// Ctrl-C: the programs that were started end, and the files that were made go.
struct Interrupted {};

/// From now on SIGINT, SIGTERM and SIGHUP are noted, and calls that wait come back with EINTR.
void catch_interrupts();

/// Throws Interrupted when one has come.
void check_interrupts();

}  // namespace md2::bench
