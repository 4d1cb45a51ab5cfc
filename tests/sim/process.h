#pragma once

#include <string>
#include <utility>

#include "common/os/clock.h"
#include "common/os/error.h"
#include "tests/sim/process_disk.h"
#include "tests/sim/sim_clock.h"

namespace md2::sim {

/// A life of a program: its disk and clock while its code runs, and how that ends.
class Process {
 public:
  enum class Outcome { fine, failed, killed };

  Process(Files& files, Interference& world, SimClock& clock, int number)
      : files_(files), clock_(clock), number_(number), disk_(files, world, number) {}
  ~Process() { files_.end_process(number_); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Runs code of the program. `failed`: it threw an Error, for which the program would end; why is in error().
  template <typename Code>
  Outcome run(Code&& code) {
    const UseDisk use(disk_);
    const UseClock its(clock_);
    try {
      std::forward<Code>(code)();
    } catch (const Killed&) {  // the disk knows
    } catch (const Error& error) {
      error_ = error.what();
      if (!disk_.dead()) return Outcome::failed;
    }
    return disk_.dead() ? Outcome::killed : Outcome::fine;
  }

  /// The same for destructors.
  template <typename Code>
  Outcome run_destructors(Code&& code) {
    const ProcessDisk::Quiet quiet(disk_);
    return run(std::forward<Code>(code));
  }

  /// kill -9. What its destructors do then has no effect.
  void kill() { disk_.die(); }

  int number() const { return number_; }
  bool dead() const { return disk_.dead(); }
  SimClock& clock() { return clock_; }
  const std::string& error() const { return error_; }

 private:
  Files& files_;
  SimClock& clock_;
  int number_;
  ProcessDisk disk_;
  std::string error_;
};

}  // namespace md2::sim
