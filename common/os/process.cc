#include "common/os/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

std::vector<char*> environment_with(const std::vector<std::string>& more) {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  for (const std::string& variable : more) {
    const std::string name = variable.substr(0, variable.find('='));
    if (getenv(name.c_str()) == nullptr) variables.push_back(const_cast<char*>(variable.c_str()));
  }
  variables.push_back(nullptr);
  return variables;
}

}  // namespace

Pipe make_pipe(int flags) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | flags) != 0) throw_errno(tr("cannot make a pipe"));
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

pid_t start(const Spawn& spawn, const std::string& what) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const auto& [ours, its] : spawn.gives) posix_spawn_file_actions_adddup2(&actions, ours, its);
  if (!spawn.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, spawn.folder.c_str());

  sigset_t defaults;
  sigset_t none;
  spawn.detached ? sigfillset(&defaults) : sigemptyset(&defaults);
  for (const int signal : spawn.default_signals) sigaddset(&defaults, signal);
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGDEF | (spawn.detached ? POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK : 0)));

  std::vector<char*> arguments{const_cast<char*>(spawn.program.c_str())};
  for (const std::string& word : spawn.words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  const int error = posix_spawnp(&child, spawn.program.c_str(), &actions, &attributes, arguments.data(),
                                 environment_with(spawn.environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = error;
  if (errno != 0) throw_errno(tr("cannot start {}", what));
  return child;
}

}  // namespace md2
