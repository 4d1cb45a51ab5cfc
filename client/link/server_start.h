#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/link/requests.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Starts the md2server that lies beside this program, else the one on PATH, in a session of its own, with --until-idle
/// and `arguments`; its stderr goes to server.log in the state folder. Returns when it is ready: its first line has
/// come. Two clients that call this at the same moment do so one after the other; `reachable` is asked in between
/// whether there is still a need. Gives up when `requests` wants the link to end. Throws Error with what the server
/// said when it could not start.
class ServerStart {
 public:
  explicit ServerStart(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  template <typename Reachable>
  void start_unless(Reachable reachable, const Requests& requests) {
    const UniqueFd turn = take_turn();
    if (!reachable()) start(requests);
  }

 private:
  static UniqueFd take_turn();
  void start(const Requests& requests) const;

  std::vector<std::string> arguments_;
};

}  // namespace md2
