#include "common/os/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "common/os/error.h"

namespace md2 {
namespace {

std::vector<char*> environment_with(const std::vector<std::string>& more) {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  for (const std::string& variable : more) {
    const std::string_view name = std::string_view(variable).substr(0, variable.find('=') + 1);
    const bool is_set = std::any_of(variables.begin(), variables.end(),
                                    [&](const char* other) { return std::string_view(other).starts_with(name); });
    if (!is_set) variables.push_back(const_cast<char*>(variable.c_str()));
  }
  variables.push_back(nullptr);
  return variables;
}

}  // namespace

Pipe make_pipe(int flags) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | flags) != 0) throw_errno("cannot make a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Spawn::Spawn() {
  posix_spawn_file_actions_init(&actions_);
  posix_spawnattr_init(&attributes_);
}

Spawn::~Spawn() {
  posix_spawnattr_destroy(&attributes_);
  posix_spawn_file_actions_destroy(&actions_);
}

void Spawn::give(int from, int to) {
  posix_spawn_file_actions_adddup2(&actions_, from, to);
}

void Spawn::open(int to, const char* path, int flags) {
  posix_spawn_file_actions_addopen(&actions_, to, path, flags, 0);
}

void Spawn::default_signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  posix_spawnattr_setsigdefault(&attributes_, &set);
  set_flags(POSIX_SPAWN_SETSIGDEF);
}

void Spawn::detach() {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes_, &none);
  posix_spawnattr_setsigdefault(&attributes_, &all);
  set_flags(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

void Spawn::set_flags(short more) {
  short flags = 0;
  posix_spawnattr_getflags(&attributes_, &flags);
  posix_spawnattr_setflags(&attributes_, static_cast<short>(flags | more));
}

pid_t Spawn::start(const std::string& what, const std::string& program, const std::vector<std::string>& words,
                   const std::vector<std::string>& environment) {
  std::vector<char*> arguments{const_cast<char*>(program.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  errno = posix_spawnp(&child, program.c_str(), &actions_, &attributes_, arguments.data(),
                       environment_with(environment).data());
  if (errno != 0) throw_errno("cannot start " + what);
  return child;
}

}  // namespace md2
