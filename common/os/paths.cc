#include "common/os/paths.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

/// The specification: a relative path in one of its variables is to be ignored.
std::string absolute(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? value : "";
}

std::string base(const char* variable, const char* below_home) {
  if (std::string folder = absolute(variable); !folder.empty()) return folder + "/md2";
  const std::string home = absolute("HOME");
  if (home.empty()) throw Error(tr("neither {} nor HOME is set to a folder", variable));
  return fmt::format("{}/{}/md2", home, below_home);
}

}  // namespace

std::string config_folder() {
  return base("XDG_CONFIG_HOME", ".config");
}
std::string data_folder() {
  return base("XDG_DATA_HOME", ".local/share");
}
std::string state_folder() {
  return base("XDG_STATE_HOME", ".local/state");
}

void make_folders(const std::string& folder) {
  for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    const std::string part = folder.substr(0, slash);
    if (disk().mkdir(part, 0700) != 0 && errno != EEXIST) throw_errno(tr("cannot make folder '{}'", part));
    if (slash == std::string::npos) return;
  }
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace md2
