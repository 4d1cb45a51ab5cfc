#include "client/terminal/shell_command.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/process.h"

namespace md2 {

pid_t start_shell_command(const std::string& what, const std::string& command, const std::string& argument, int input,
                          const std::vector<std::string>& more) {
  Spawn shell{"/bin/sh", {"-c", command, "sh", argument}, more, {}, {SIGINT, SIGQUIT, SIGPIPE}};
  if (input >= 0) shell.gives = {{input, STDIN_FILENO}};
  return start(shell, what);
}

int wait_for_command(const std::string& what, pid_t child) {
  int status = 0;
  for (;;) {
    if (waitpid(child, &status, WUNTRACED) < 0) {
      if (errno != EINTR) throw_errno(tr("cannot wait for {}", what));
    } else if (WIFSTOPPED(status)) {
      raise(SIGTSTP);  // a program that stops only itself would leave the shell waiting for us
    } else {
      return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
  }
}

}  // namespace md2
