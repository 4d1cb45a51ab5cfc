#include "tests/support/files.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "common/os/error.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"

namespace md2::test {

std::string read_file(const std::string& path) {
  std::ostringstream contents;
  contents << std::ifstream(path, std::ios::binary).rdbuf();
  return contents.str();
}

std::string read_files(const std::string& folder, std::string_view ending) {
  std::string bytes;
  std::error_code missing;
  for (const auto& file : std::filesystem::directory_iterator(folder, missing)) {
    if (file.path().filename().string().ends_with(ending)) bytes += read_file(file.path());
  }
  return bytes;
}

void write_file(const std::string& path, const std::string& contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  if (!file.flush()) throw Failure(fmt::format("cannot write '{}'", path));
}

void append_by_hand(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << bytes;
  if (!file.flush()) throw Failure(fmt::format("cannot append to '{}'", path));
}

void replace_by_hand(const std::string& path, const std::string& contents) {
  write_file(path + "~", contents);
  std::filesystem::rename(path + "~", path);
}

std::string wait_for_file(const std::string& path, const std::function<bool(const std::string&)>& holds) {
  const UniqueFd watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string folder = folder_of(path);
  if (!watch || inotify_add_watch(watch.get(), folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE) < 0)
    throw_errno(fmt::format("cannot watch '{}'", folder));
  for (const Deadline deadline;;) {
    std::string contents = read_file(path);
    if (holds(contents)) return contents;
    if (!wait_readable(watch.get(), deadline))
      throw Failure(fmt::format("'{}' did not become what was awaited; it holds:\n{}", path, contents));
    char events[4096];
    while (::read(watch.get(), events, sizeof events) > 0) {
    }
  }
}

}  // namespace md2::test
