#include "common/os/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

constexpr int brief_looks = 20;
constexpr std::chrono::milliseconds look_pause{10};

}  // namespace

std::string FileName::text() const {
  return path.empty() ? tr(kind) : tr("{} '{}'", tr(kind), path);
}

std::size_t write_all(int fd, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = disk().write(fd, bytes.substr(written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  return written;
}

std::size_t write_all_at(int fd, std::uint64_t offset, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = disk().write_at(fd, offset + written, bytes.substr(written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  return written;
}

std::size_t read_at(int fd, std::uint64_t offset, char* to, std::size_t size, FileName name) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = disk().read(fd, offset + done, to + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(tr("cannot read {}", name.text()));
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::string read_at(int fd, std::uint64_t offset, std::size_t size, FileName name) {
  std::string bytes(size, '\0');
  bytes.resize(read_at(fd, offset, bytes.data(), size, name));
  return bytes;
}

std::string read_start(int fd, std::size_t most, FileName name) {
  constexpr std::size_t first_room = std::size_t{16} << 10;
  std::string bytes;
  for (std::size_t room = 0; bytes.size() == room && room < most;) {
    const std::size_t begin = std::exchange(room, std::min(most, std::max(first_room, 2 * room)));
    bytes.resize(room);
    bytes.resize(begin + read_at(fd, begin, bytes.data() + begin, room - begin, name));
  }
  return bytes;
}

std::optional<std::string> read_small_file(FileName name, std::size_t most) {
  // Without O_NONBLOCK a FIFO of that name would hold us up.
  const UniqueFd fd(disk().open(std::string(name.path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw_errno(tr("cannot open {}", name.text()));
  return read_start(fd.get(), most, name);
}

std::uint64_t size_of(int fd, FileName name) {
  struct stat status = {};
  if (disk().stat(fd, status) != 0) throw_errno(tr("cannot look at {}", name.text()));
  return static_cast<std::uint64_t>(status.st_size);
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool names(const std::string& path, int fd) {
  struct stat open = {};
  struct stat named = {};
  return disk().stat(fd, open) == 0 && disk().lstat(path, named) == 0 && open.st_ino == named.st_ino &&
         open.st_dev == named.st_dev;
}

void sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const UniqueFd fd(disk().open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw_errno(tr("cannot open folder '{}'", folder));
  if (disk().fsync(fd.get()) != 0) throw_errno(tr("cannot sync folder '{}'", folder));
}

bool lock(int fd, Wait wait, FileName name) {
  int looks = wait == Wait::briefly ? brief_looks : 1;
  while (disk().flock(fd, wait == Wait::yes ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK && --looks == 0) return false;
    if (errno == EWOULDBLOCK) {
      std::this_thread::sleep_for(look_pause);
      continue;
    }
    if (errno != EINTR) throw_errno(tr("cannot lock {}", name.text()));
  }
  return true;
}

UniqueFd lock_file(const std::string& path, Wait wait) {
  UniqueFd fd(disk().open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw_errno(tr("cannot open lock file '{}'", path));
  return lock(fd.get(), wait, {tr_later("file"), path}) ? std::move(fd) : UniqueFd();
}

}  // namespace md2
