#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/private_network.h"
#include "tests/support/temporary_folder.h"

namespace md2::test {

/// A descriptor that becomes readable when the process has ended (pidfd_open(2)); none when it has gone already.
UniqueFd watch_process(pid_t pid);

/// A home of its own for one test that starts programs: a temporary folder with HOME and every XDG folder inside it,
/// and the environment that programs started for the test get. At its end nothing is left: no file, and no process that
/// has this home.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const std::string& folder() const { return folder_.path(); }
  std::string path(std::string_view name) const { return folder_.path(name); }
  std::string diary() const { return path("data/md2/md4logging.log"); }
  std::string keys() const { return path("config/md2/keys"); }
  std::string state() const { return path("state/md2"); }

  /// Sets a variable for the programs that are started from now on.
  void set(const std::string& name, const std::string& value);

  /// From now on programs run in this network, which must outlive their start.
  void use(const PrivateNetwork& network) { network_ = &network; }
  const PrivateNetwork* network() const { return network_; }

  /// NAME=VALUE of all variables.
  const std::vector<std::string>& environment() const { return environment_; }

  /// The running processes of this home whose program has the name (all, when it is empty).
  std::vector<pid_t> processes(std::string_view name = {}) const;

 private:
  TemporaryFolder folder_;
  std::vector<std::string> environment_;
  const PrivateNetwork* network_ = nullptr;
};

}  // namespace md2::test
