#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "common/os/unique_fd.h"

namespace md2 {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

/// pipe2(2) with O_CLOEXEC and `flags`. Throws Error.
Pipe make_pipe(int flags = 0);

/// How another program is started (posix_spawn(3)).
struct Spawn {
  std::string program;                     ///< found on PATH when it holds no slash
  std::vector<std::string> words;          ///< behind its name
  std::vector<std::string> environment;    ///< NAME=VALUE of variables that it gets besides ours, which go first
  std::vector<std::pair<int, int>> gives;  ///< its descriptor `second` is our `first`
  std::vector<int> default_signals;        ///< these do what they do by default; the others what they do here
  bool detached = false;                   ///< in a session of its own, all signals by default, none blocked
  std::string folder = {};                 ///< it works there; empty: where we do
};

/// Throws Error ("cannot start WHAT").
pid_t start(const Spawn& spawn, const std::string& what);

}  // namespace md2
