#pragma once

#include <sys/types.h>

#include "common/os/unique_fd.h"

namespace md2::test {

/// A loopback of its own (network_namespaces(7)), for what happens at the default port: tests that run at the same time
/// don't meet there, nor does a diary that somebody keeps on this machine.
class PrivateNetwork {
 public:
  /// Throws Error where the system does not allow it.
  PrivateNetwork();

  /// Moves this process there. For a child after fork(2).
  void join() const;

 private:
  UniqueFd user_;  ///< none when we are root already
  UniqueFd network_;
};

}  // namespace md2::test
