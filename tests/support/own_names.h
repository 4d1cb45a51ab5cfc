#pragma once

#include <string>

#include "tests/support/program.h"
#include "tests/support/sandbox.h"

namespace md2::test {

/// A machine with other names, for programs: /etc/hosts (hosts(5)) and /etc/resolv.conf of their own, in a mount
/// namespace (mount_namespaces(7)). Its DNS is asked at 127.0.0.1, where nobody is unless an OtherProgram is put there.
class OwnNames {
 public:
  /// Not every system allows it: ask usable(). `hosts`: lines `ADDRESS NAME`.
  OwnNames(const Sandbox& sandbox, const std::string& hosts);

  bool usable() const { return usable_; }

  /// The command, with these names.
  Command with(const Command& command) const;

 private:
  std::string hosts_;     ///< path
  std::string resolver_;  ///< path
  bool usable_ = false;
};

}  // namespace md2::test
