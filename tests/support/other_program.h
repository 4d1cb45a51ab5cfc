#pragma once

#include <sys/types.h>

#include "common/net/socket.h"
#include "tests/support/sandbox.h"

namespace md2::test {

/// Another program that has an address, in the network of a sandbox. Ended at the end of its scope.
class OtherProgram {
 public:
  enum class Kind {
    http,  ///< TCP: answers whatever comes as a web server would that understands nothing
    mute,  ///< UDP: takes what comes and says nothing, as a DNS server that is behind a cut line
  };

  /// The address is in numbers; it is taken when this returns.
  OtherProgram(const Sandbox& sandbox, Kind kind, const Address& address);
  ~OtherProgram();
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

 private:
  pid_t pid_ = -1;
};

}  // namespace md2::test
