#include "client/terminal/shell_command.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "common/os/error.h"

namespace md2 {
namespace {

std::vector<char*> environment_with(const std::vector<std::string>& more) {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  for (const std::string& variable : more) {
    const std::size_t name = variable.find('=') + 1;
    const auto same = [&](const char* other) { return variable.compare(0, name, other, 0, name) == 0; };
    bool found = false;
    for (const char* other : variables) found = found || same(other);
    if (!found) variables.push_back(const_cast<char*>(variable.c_str()));
  }
  variables.push_back(nullptr);
  return variables;
}

}  // namespace

pid_t start_shell_command(const std::string& what, const std::string& command, const std::string& argument, int input,
                          const std::vector<std::string>& more) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string words = command;
  std::string first = argument;
  char* arguments[] = {shell.data(), option.data(), words.data(), shell.data(), first.data(), nullptr};

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  pid_t child = -1;
  const int error = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment_with(more).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  errno = error;
  if (error != 0) throw_errno("cannot start " + what);
  return child;
}

int wait_for_command(const std::string& what, pid_t child) {
  int status = 0;
  for (;;) {
    if (waitpid(child, &status, WUNTRACED) < 0) {
      if (errno != EINTR) throw_errno("cannot wait for " + what);
    } else if (WIFSTOPPED(status)) {
      raise(SIGTSTP);  // a program that stops only itself would leave the shell waiting for us
    } else {
      return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
  }
}

}  // namespace md2
