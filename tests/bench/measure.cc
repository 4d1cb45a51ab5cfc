#include "tests/bench/measure.h"

#include <signal.h>

#include <algorithm>

#include "common/os/error.h"

namespace md2::bench {
namespace {

volatile sig_atomic_t interrupt_came = 0;

void on_interrupt(int) {
  interrupt_came = 1;
}

}  // namespace

double percentile(Figures figures, double part) {
  if (figures.empty()) throw Error("nothing was measured");
  const auto nth = figures.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(figures.size() - 1));
  std::nth_element(figures.begin(), nth, figures.end());
  return *nth;
}

double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}
double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}
double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

std::vector<double> alternate(const std::vector<Measure>& measures) {
  std::vector<Figures> figures(measures.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < measures.size(); ++i) {
      check_interrupts();
      figures[i].push_back(measures[i]());
    }
  }
  std::vector<double> medians;
  medians.reserve(figures.size());
  for (const Figures& each : figures) medians.push_back(median(each));
  return medians;
}

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (sigaction(number, &action, nullptr) != 0) throw_errno("cannot handle a signal");
  }
}

void check_interrupts() {
  if (interrupt_came != 0) throw Interrupted();
}

}  // namespace md2::bench
