#include "client/editor_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "client/terminal.h"
#include "common/entry.h"
#include "common/error.h"
#include "common/file.h"

namespace md2 {
namespace {

/// More than any entry, so that a text which is too long comes back and is refused with its reason, not lost here.
constexpr std::size_t max_file = 16 * max_text;

class TemporaryFile {
 public:
  TemporaryFile() {
    const char* folder = std::getenv("TMPDIR");
    path_ = fmt::format("{}/md2-XXXXXX.txt", folder != nullptr && *folder == '/' ? folder : "/tmp");
    fd_.reset(mkostemps(path_.data(), 4, O_CLOEXEC));  // 0600
    if (!fd_) throw_errno(fmt::format("cannot make a temporary file '{}'", path_));
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

  void write(std::string_view text) {
    if (write_all(fd_.get(), text) != text.size()) throw_errno(fmt::format("cannot write '{}'", path_));
    fd_.reset();
  }

  /// By name: most editors replace the file.
  std::string read() const {
    const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0) throw_errno(fmt::format("cannot read '{}'", path_));
    if (static_cast<std::size_t>(status.st_size) > max_file) throw Error("the text is longer than 16 MiB");
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const auto count = read_at(fd.get(), 0, text.data(), text.size());
    if (count < 0) throw_errno(fmt::format("cannot read '{}'", path_));
    text.resize(static_cast<std::size_t>(count));
    return text;
  }

 private:
  std::string path_;
  UniqueFd fd_;
};

/// Another disposition for a signal while it lives.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, &before_);
  }
  ~Disposition() { sigaction(signal_, &before_, nullptr); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  int signal_;
  struct sigaction before_;
};

/// Through the shell, because VISUAL may hold options ("code --wait").
pid_t start_editor(const std::string& path) {
  char shell[] = "sh";
  char option[] = "-c";
  char command[] = "eval \"${VISUAL:-${EDITOR:-vi}} \\\"\\$1\\\"\"";
  std::string file = path;
  char* arguments[] = {shell, option, command, shell, file.data(), nullptr};

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  errno = posix_spawn(&child, "/bin/sh", nullptr, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  if (errno != 0) throw_errno("cannot start the editor");
  return child;
}

/// The exit status of `child` as waitpid(2) gives it.
int wait_for(pid_t child) {
  int status = 0;
  for (;;) {
    if (waitpid(child, &status, WUNTRACED) < 0) {
      if (errno != EINTR) throw_errno("cannot wait for the editor");
    } else if (WIFSTOPPED(status)) {
      raise(SIGTSTP);  // an editor that stops only itself would leave the shell waiting for us
    } else {
      return status;
    }
  }
}

std::string run_editor(std::string_view text) {
  TemporaryFile file;
  file.write(text);
  int status = 0;
  {
    const TerminalModes modes(STDIN_FILENO);
    const Disposition interrupt(SIGINT, SIG_IGN);
    const Disposition quit(SIGQUIT, SIG_IGN);
    const Disposition stop(SIGTSTP, SIG_DFL);
    status = wait_for(start_editor(file.path()));
  }
  const int result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);  // as the shell says it
  if (result != 0) throw Error(fmt::format("the editor failed with status {}", result));
  std::string edited = file.read();
  if (edited.find('\0') != std::string::npos) throw Error("the text holds a NUL byte");
  if (edited.ends_with('\n')) edited.pop_back();
  return edited;
}

}  // namespace

Edited edit_text(std::string_view text) {
  try {
    return {run_editor(text), {}};
  } catch (const Error& error) {
    return {{}, error.what()};
  }
}

}  // namespace md2
