#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"

namespace md2::test {

/// For what a diary reports.
inline void ignore(const std::string& /*report*/) {}

/// For what a session announces: how many hear it.
inline std::uint64_t to_nobody(std::string_view /*text*/) {
  return 0;
}

/// Until the end of the scope nothing that this process or one that it starts says on standard error is shown.
class Hush {
 public:
  Hush() {
    const UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!nowhere || !before_) throw Failure("standard error can't be hushed");
    dup2(nowhere.get(), STDERR_FILENO);
  }
  ~Hush() { dup2(before_.get(), STDERR_FILENO); }
  Hush(const Hush&) = delete;
  Hush& operator=(const Hush&) = delete;

 private:
  UniqueFd before_{fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)};
};

}  // namespace md2::test
