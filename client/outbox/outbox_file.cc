#include "client/outbox/outbox_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

constexpr std::string_view ending = ".outbox";
constexpr const char* rest_ending = ".rest";

/// What the names of all outboxes for `server` begin with. Different servers give different beginnings, and none is
/// the beginning of another: `@` ends it and is escaped inside.
std::string name_prefix(std::string_view server) {
  std::string out;
  for (const char c : server) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       (c == '.' && !out.empty());
    if (c == ':') {
      out += '_';
    } else if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out + '@';
}

/// The time is UTC, so that names sort by age wherever the user travels.
std::string new_name(std::string_view server) {
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  tm utc{};
  gmtime_r(&wall.tv_sec, &utc);
  return fmt::format("{}{:04}{:02}{:02}T{:02}{:02}{:02}.{:06}-{}{}", name_prefix(server), utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, wall.tv_nsec / 1000, getpid(),
                     ending);
}

/// Takes the lock without waiting. False when somebody holds it.
bool lock_now(int fd, const std::string& path) {
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw_errno(fmt::format("cannot lock outbox '{}'", path));
  }
  return true;
}

/// True when `path` names the open file: between opening and locking, another client may have emptied and unlinked it.
bool is_named(int fd, const std::string& path) {
  struct stat open = {};
  struct stat named = {};
  return fstat(fd, &open) == 0 && lstat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
         open.st_dev == named.st_dev;
}

}  // namespace

OutboxFile OutboxFile::make(const std::string& folder, std::string_view server) {
  for (;;) {
    std::string path = fmt::format("{}/{}", folder, new_name(server));
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST) continue;  // another outbox of this process was made in this microsecond
    if (!fd) throw_errno(fmt::format("cannot make outbox '{}'", path));
    // A client that starts right now may take the new file for one that was left: it finds it empty and removes it.
    if (!lock_now(fd.get(), path) || !is_named(fd.get(), path)) continue;
    sync_folder_of(path);
    return OutboxFile(std::move(path), std::move(fd));
  }
}

std::optional<OutboxFile> OutboxFile::adopt(const std::string& path) {
  // Without O_NONBLOCK a FIFO of that name would hold up the start.
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw_errno(fmt::format("cannot open outbox '{}'", path));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) throw Error(fmt::format("'{}' is not a file", path));
  if (!lock_now(fd.get(), path) || !is_named(fd.get(), path)) return std::nullopt;
  ::unlink((path + rest_ending).c_str());  // its client was killed while it made a smaller copy
  return OutboxFile(path, std::move(fd));
}

std::vector<std::string> OutboxFile::list(const std::string& folder, std::string_view server) {
  const std::string prefix = name_prefix(server);
  std::vector<std::string> paths;
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(opendir(folder.c_str()), closedir);
  if (!handle) throw_errno(fmt::format("cannot open outbox folder '{}'", folder));
  while (const dirent* const file = readdir(handle.get())) {
    const std::string_view name = file->d_name;
    if (name.starts_with(prefix) && name.ends_with(ending)) paths.push_back(fmt::format("{}/{}", folder, name));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool OutboxFile::unchanged(std::uint64_t size) const {
  struct stat status = {};
  return is_named(fd_.get(), path_) && fstat(fd_.get(), &status) == 0 &&
         static_cast<std::uint64_t>(status.st_size) == size;
}

void OutboxFile::append(std::string_view bytes, std::uint64_t size) {
  if (write_all(fd_.get(), bytes) == bytes.size()) return;
  const std::string failure = with_errno(fmt::format("cannot write outbox '{}'", path_));
  if (ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) trusted_ = false;
  throw Error(failure);
}

void OutboxFile::sync() {
  if (fdatasync(fd_.get()) == 0) return;
  trusted_ = false;
  throw_errno(fmt::format("cannot sync outbox '{}'", path_));
}

void OutboxFile::cut(std::uint64_t size) {
  if (ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) throw_errno(fmt::format("cannot cut outbox '{}'", path_));
}

void OutboxFile::unlink() const {
  if (is_named(fd_.get(), path_)) ::unlink(path_.c_str());
}

void OutboxFile::set_aside() const {
  if (is_named(fd_.get(), path_)) ::rename(path_.c_str(), (path_ + ".damaged").c_str());
}

void OutboxFile::replace(std::string_view bytes) const {
  const std::string rest = path_ + rest_ending;
  const UniqueFd fd(::open(rest.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw_errno(fmt::format("cannot make '{}'", rest));
  if (write_all(fd.get(), bytes) == bytes.size() && fdatasync(fd.get()) == 0 && is_named(fd_.get(), path_) &&
      ::rename(rest.c_str(), path_.c_str()) == 0) {
    return sync_folder_of(path_);
  }
  const std::string failure = with_errno(fmt::format("cannot replace outbox '{}'", path_));
  ::unlink(rest.c_str());
  throw Error(failure);
}

std::string OutboxFile::read(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  const std::ptrdiff_t count = read_at(fd_.get(), offset, bytes.data(), size);
  if (count < 0) throw_errno(fmt::format("cannot read outbox '{}'", path_));
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace md2
