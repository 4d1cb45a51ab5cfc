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
    if (!fd) throw_errno(fmt::format("cannot read '{}'", path_));
    std::string text = read_at(fd.get(), 0, max_file + 1, {"file", path_});
    if (text.size() > max_file) throw Error("the text is longer than 16 MiB");
    return text;
  }

 private:
  std::string path_;
  UniqueFd fd_;
};

}  // namespace

std::string edit_text(std::string_view text) {
  TemporaryFile file;
  file.write(text);
  int result = 0;
  termios modes;
  const bool modes_known = tcgetattr(STDIN_FILENO, &modes) == 0;
  {
    const Disposition interrupt(SIGINT, SIG_IGN);
    const Disposition quit(SIGQUIT, SIG_IGN);
    const Disposition stop(SIGTSTP, SIG_DFL);
    // Through the shell, because VISUAL may hold options ("code --wait").
    const std::string command = "eval \"${VISUAL:-${EDITOR:-vi}} \\\"\\$1\\\"\"";
    result = wait_for_command("the editor", start_shell_command("the editor", command, file.path()));
  }
  if (modes_known && in_foreground(STDIN_FILENO)) tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
  if (result != 0) throw Error(fmt::format("the editor failed with status {}", result));
  std::string edited = file.read();
  if (edited.find('\0') != std::string::npos) throw Error("the text holds a NUL byte");
  if (edited.ends_with('\n')) edited.pop_back();
  return edited;
}

}  // namespace md2
