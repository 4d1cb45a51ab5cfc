#include "client/terminal/editor_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "client/terminal/shell_command.h"
#include "client/terminal/signals.h"
#include "client/terminal/terminal.h"
#include "common/diary/entry.h"
#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

/// More than any entry, so that a text which is too long comes back and is refused with its reason, not lost here.
constexpr std::size_t max_file = 16 * max_text;

/// Removes the file with its end.
struct TemporaryFile {
  ~TemporaryFile() { unlink(path.c_str()); }

  std::string path;
};

/// Through the shell, because VISUAL may hold options ("code --wait").
int run_editor(const std::string& path) {
  const Disposition interrupt(SIGINT, SIG_IGN);
  const Disposition quit(SIGQUIT, SIG_IGN);
  const Disposition stop(SIGTSTP, SIG_DFL);
  const std::string command = "eval \"${VISUAL:-${EDITOR:-vi}} \\\"\\$1\\\"\"";
  return wait_for_command("the editor", start_shell_command("the editor", command, path));
}

}  // namespace

std::string edit_text(std::string_view text) {
  const char* folder = std::getenv("TMPDIR");
  TemporaryFile file{fmt::format("{}/md2-XXXXXX.txt", folder != nullptr && *folder == '/' ? folder : "/tmp")};
  UniqueFd fd(mkostemps(file.path.data(), 4, O_CLOEXEC));  // 0600
  if (!fd) throw_errno(fmt::format("cannot make a temporary file '{}'", file.path));
  if (write_all(fd.get(), text) != text.size()) throw_errno(fmt::format("cannot write '{}'", file.path));
  fd.reset();

  termios modes;
  const bool modes_known = tcgetattr(STDIN_FILENO, &modes) == 0;
  const int result = run_editor(file.path);
  if (modes_known && in_foreground(STDIN_FILENO)) tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
  if (result != 0) throw Error(fmt::format("the editor failed with status {}", result));

  fd.reset(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));  // by name: most editors replace the file
  if (!fd) throw_errno(fmt::format("cannot read '{}'", file.path));
  std::string edited = read_at(fd.get(), 0, max_file + 1, {"file", file.path});
  if (edited.size() > max_file) throw Error("the text is longer than 16 MiB");
  if (edited.find('\0') != std::string::npos) throw Error("the text holds a NUL byte");
  if (edited.ends_with('\n')) edited.pop_back();
  return edited;
}

}  // namespace md2
