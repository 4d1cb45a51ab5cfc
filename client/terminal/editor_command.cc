#include "client/terminal/editor_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "client/terminal/shell_command.h"
#include "client/terminal/signals.h"
#include "client/terminal/terminal.h"
#include "common/diary/entry.h"
#include "common/os/clock.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// An editor that has shown a text to somebody takes longer.
constexpr std::chrono::seconds at_once{2};

/// Through the shell, because VISUAL may hold options ("code --wait"). `editor` is what a Debian's owner has chosen.
int run_editor(const std::string& path) {
  const Disposition interrupt(SIGINT, SIG_IGN);
  const Disposition quit(SIGQUIT, SIG_IGN);
  const Disposition stop(SIGTSTP, SIG_DFL);
  const std::string command =
      "editor=${VISUAL:-$EDITOR}\n"
      "[ -n \"$editor\" ] || for editor in editor nano vi; do command -v \"$editor\" >/dev/null && break; done\n"
      "eval \"$editor \\\"\\$1\\\"\"";
  return wait_for_command(tr("the editor"), start_shell_command(tr("the editor"), command, path));
}

/// Why a line can't hold the text; empty when it can.
std::string line_fault(const std::string& text) {
  if (text.size() > EditorFile::max_size) return tr("the text is longer than 16 MiB");
  return text.find('\0') == std::string::npos ? "" : tr("the text holds a NUL byte");
}

/// As it goes into a line: of what some editors write, no byte order mark, no CR, no newline at the end.
std::string line_of(std::string_view text) {
  std::string line = unix_text(text);
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

}  // namespace

EditorFile::EditorFile(std::string_view text, const std::string& folder)
    : given_(text), path_(make_folder(folder) + "/entry-XXXXXX.txt") {
  const UniqueFd fd(mkostemps(path_.data(), 4, O_CLOEXEC));  // 0600
  if (!fd) throw_errno(tr("cannot make a file for the editor '{}'", path_));
  if (write_all(fd.get(), text) == text.size()) return;
  const std::string why = with_errno(tr("cannot write '{}'", path_));
  ::unlink(path_.c_str());
  throw Error(why);
}

EditorFile::~EditorFile() {
  if (stays_) return;
  ::unlink(path_.c_str());
  if (!temporary_.empty()) ::rmdir(temporary_.c_str());
}

std::string EditorFile::make_folder(const std::string& folder) {
  try {
    make_folders(folder);
    if (chmod(folder.c_str(), 0700) == 0 && access(folder.c_str(), W_OK) == 0) return folder;
  } catch (const Error&) {  // then elsewhere
  }
  const char* const base = std::getenv("TMPDIR");
  temporary_ = fmt::format("{}/md2-XXXXXX", base != nullptr && *base == '/' ? base : "/tmp");
  if (mkdtemp(temporary_.data()) == nullptr) throw_errno(tr("cannot make folder '{}'", temporary_));  // 0700
  return temporary_;
}

/// What is in it now, by name, since most editors replace the file; more than max_size bytes when there are more.
std::string EditorFile::contents() const {
  const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw_errno(tr("cannot read '{}'", path_));
  return read_at(fd.get(), 0, max_size + 1, {tr_later("file"), path_});
}

Edited EditorFile::edit() {
  termios modes;
  const bool modes_known = tcgetattr(STDIN_FILENO, &modes) == 0;
  const Clock::Steady began = real_clock().steady();
  const int status = run_editor(path_);
  if (modes_known && in_foreground(STDIN_FILENO)) tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
  return take_back(status, real_clock().steady() - began < at_once);
}

/// What the file holds after an editor that ended with a status.
Edited EditorFile::take_back(int status, bool quick) {
  std::string text;
  try {
    text = contents();
  } catch (const Error& error) {
    return {{}, {}, status == 0 ? error.what() : tr("the editor failed with status {}", status)};
  }
  const bool changed = text != given_;
  if (status == 0 && !changed && quick) {
    stay();
    return {{},
            {},
            tr("the editor came back at once with nothing changed: does it need --wait? What it saves later "
               "is in '{}'",
               path_),
            true};
  }
  std::string fault = line_fault(text);
  if (status == 0 && fault.empty()) return {line_of(text), {}, {}};
  const std::string failed = tr("the editor failed with status {}", status);
  if (!changed) return {{}, {}, failed};
  stay();
  if (!fault.empty()) return {{}, {}, tr("{}; it stays in '{}'", status == 0 ? fault : failed, path_)};
  return {{}, line_of(text), tr("{}; what it saved is in '{}'", failed, path_)};
}

Edited edit_text(std::string_view text, const std::string& folder) {
  return EditorFile(text, folder).edit();
}

}  // namespace md2
