#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tests/support/program.h"

namespace md2::bench {

/// A program whose standard output goes straight to a file, and its error to ours: unlike test::Program nothing of the
/// measured time is spent here. Killed at the end of the scope.
class Process {
 public:
  Process(const test::Sandbox& sandbox, const test::Command& command, const std::string& output = "/dev/null");
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool ended();

  /// Waits for the end. Throws test::Failure when the status is not 0.
  void wait();

 private:
  void judge(int status);

  std::string name_;
  pid_t pid_;
  bool ended_ = false;
};

/// Milliseconds from fork(2) to the end of the program.
double time_process(const test::Sandbox& sandbox, const test::Command& command,
                    const std::string& output = "/dev/null");

/// The same on a terminal of 24 rows and 80 columns that throws away what it shows as fast as it comes. With `until`:
/// to where it has shown that, and then it is told to quit.
double time_on_terminal(const test::Sandbox& sandbox, const test::Command& command, std::string_view until = {});

/// Whether the program is on PATH.
bool installed(const std::string& program);

}  // namespace md2::bench
