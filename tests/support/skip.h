#pragma once

#include <atomic>
#include <string>

namespace md2::test {

/// Notes that the running test can't run on this machine, and why, in words: `return skip("why");`. It counts as
/// skipped, not as passed, unless one of its checks has failed.
void skip(const std::string& reason);

/// What has become of the tests, of this process and of those that it forks after the first call.
struct Outcome {
  std::atomic<unsigned> tests = 0;  ///< whose names were asked for; 0 as well where tests are only listed
  std::atomic<unsigned> failures = 0;
  std::atomic<unsigned> skips = 0;
  std::atomic<int> checks = 0;
  std::atomic<int> failed_checks = 0;
  std::atomic<bool> ended = false;  ///< a run has

  /// A line for each skipped test, then `N passed, N failed, N skipped`. Empty where tests are only listed.
  std::string text() const;
};
Outcome& outcome();

}  // namespace md2::test
