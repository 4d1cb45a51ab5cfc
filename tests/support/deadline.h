#pragma once

#include <chrono>
#include <functional>
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

/// Waits until `holds` is true of what the file at `path` contains (nothing when it is missing), woken by inotify(7).
/// Returns the contents. Throws Failure, with the contents. Meanwhile nobody takes what programs write: one that has
/// more to say than its pipe or terminal holds waits as well.
std::string wait_for_file(const std::string& path, const std::function<bool(const std::string&)>& holds);

/// The file as it is; empty when it is missing.
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& contents);

}  // namespace md2::test
