#include "common/os/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "common/os/error.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

UniqueFd lock_with(const std::string& path, int operation) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw_errno(fmt::format("cannot open lock file '{}'", path));
  while (flock(fd.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return {};
    if (errno != EINTR) throw_errno(fmt::format("cannot lock '{}'", path));
  }
  return fd;
}

}  // namespace

std::size_t write_all(int fd, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  return written;
}

std::ptrdiff_t read_at(int fd, std::uint64_t offset, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::pread(fd, to + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<std::ptrdiff_t>(done);
}

void sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw_errno(fmt::format("cannot open folder '{}'", folder));
  if (fsync(fd.get()) != 0) throw_errno(fmt::format("cannot sync folder '{}'", folder));
}

UniqueFd try_lock(const std::string& path) {
  return lock_with(path, LOCK_EX | LOCK_NB);
}

UniqueFd lock(const std::string& path) {
  return lock_with(path, LOCK_EX);
}

}  // namespace md2
