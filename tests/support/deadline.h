#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace md2::test {

/// What a test waited for did not come. The message shows what there was instead.
class Failure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How long a test waits for something that must happen: MD2_TEST_DEADLINE seconds, by default 30, under a
/// sanitizer 120. It is a bound for what went wrong; nothing that works takes so long.
std::chrono::milliseconds patience();

/// The same for work that is made of many steps: true under a sanitizer, which makes all of them slower.
bool sanitized();

/// A moment to give up at.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now = patience())
      : end_(std::chrono::steady_clock::now() + from_now) {}

  /// For poll(2): milliseconds, never negative. 0 when it has passed.
  int left() const;

 private:
  std::chrono::steady_clock::time_point end_;
};

/// Waits until the descriptor is readable (or at its end). False when the deadline passed first.
bool wait_readable(int fd, const Deadline& deadline);

}  // namespace md2::test
