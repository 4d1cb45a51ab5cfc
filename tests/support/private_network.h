#pragma once

#include <sys/types.h>

#include "common/os/unique_fd.h"

namespace md2::test {

/// Why a test is skipped where there is none.
inline constexpr const char* no_network = "no network namespace of its own is allowed here";

/// A loopback of its own (network_namespaces(7)), for what happens at the default port: tests that run at the same time
/// don't meet there, nor does a diary that somebody keeps on this machine.
class PrivateNetwork {
 public:
  /// Not every system allows it: ask usable().
  PrivateNetwork();

  bool usable() const { return static_cast<bool>(network_); }

  /// Moves this process there. For a child after fork(2).
  void join() const;

 private:
  UniqueFd user_;  ///< none when we are root already
  UniqueFd network_;
};

}  // namespace md2::test
