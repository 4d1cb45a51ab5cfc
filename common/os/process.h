#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "common/os/unique_fd.h"

namespace md2 {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

/// pipe2(2) with O_CLOEXEC and `flags`. Throws Error.
Pipe make_pipe(int flags = 0);

/// How another program is started (posix_spawn(3)): which descriptors and signals it gets, then start().
class Spawn {
 public:
  Spawn();
  ~Spawn();
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  /// Its descriptor `to` is our `from`, or the file `path`, opened with `flags`.
  void give(int from, int to);
  void open(int to, const char* path, int flags);

  /// These signals do what they do by default; the others what they do here.
  void default_signals(std::initializer_list<int> signals);

  /// Out of reach of the terminal: a session of its own, all signals by default, none blocked.
  void detach();

  /// Starts `program`, found on PATH when it holds no slash, with these words behind its name; `environment`:
  /// NAME=VALUE of variables that it gets besides ours, which go first. Throws Error ("cannot start WHAT").
  pid_t start(const std::string& what, const std::string& program, const std::vector<std::string>& words,
              const std::vector<std::string>& environment = {});

 private:
  void set_flags(short more);

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace md2
