#include "server/diary/diary_file.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

constexpr std::uint64_t reserve_ahead = std::uint64_t{1} << 20;  ///< so that not every append has to ask

}  // namespace

DiaryFile::DiaryFile(const std::string& path) : path_(path) {
  constexpr int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY;
  fd_.reset(disk().open(path_, flags));
  const bool make = !fd_ && errno == ENOENT;
  if (make) fd_.reset(disk().open(path_, flags | O_CREAT, 0600));
  struct stat status = {};
  if (!fd_ || disk().stat(fd_.get(), status) != 0) throw_errno(tr("cannot open diary '{}'", path_));
  if (!S_ISREG(status.st_mode)) throw Error(tr("cannot open diary '{}': not a regular file", path_));
  if (!lock(fd_.get(), Wait::no, {tr_later("diary"), path_})) {
    throw Error(tr("diary '{}' is in use by another program that locked it", path_));
  }
  if (disk().fsync(fd_.get()) != 0) throw Broken(with_errno(tr("cannot sync diary '{}'", path_)));
  try {
    const std::string real = disk().real_path(path_);
    sync_folder_of(real);
    if (folder_of(real) != folder_of(path_)) sync_folder_of(path_);  // the name may be a link that was just made
  } catch (const Error& error) {
    throw Broken(error.what());
  }
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

struct stat DiaryFile::status() const {
  struct stat status = {};
  if (disk().stat(fd_.get(), status) != 0) throw_errno(tr("cannot look at diary '{}'", path_));
  return status;
}

std::uint64_t DiaryFile::size() const {
  return size_of(fd_.get(), {tr_later("diary"), path_});
}

bool DiaryFile::reserve(std::uint64_t end, std::uint64_t size) {
  if (end + size <= reserved_) return true;
  const auto has_room = [&](std::uint64_t bytes) {
    if (disk().reserve(fd_.get(), end, bytes) != 0) return false;
    reserved_ = end + bytes;
    return true;
  };
  return (size < reserve_ahead && has_room(reserve_ahead)) || has_room(size);
}

DiaryFile::Written DiaryFile::append(std::string_view bytes, std::uint64_t end) {
  Written written;
  written.begin = end;
  while (written.bytes < bytes.size()) {
    errno = ENOSPC;  // unless write(2) says something else
    const ssize_t count = disk().write(fd_.get(), bytes.substr(written.bytes));
    if (count < 0 && errno == EINTR) continue;
    written.error = errno;
    if (count <= 0) break;
    // Only the position after a write tells where the bytes stand.
    const auto size = static_cast<std::uint64_t>(count);
    const off_t position = disk().position(fd_.get());
    const std::uint64_t begin = static_cast<std::uint64_t>(position) - size;
    if (position < count || (written.bytes > 0 && begin != written.begin + written.bytes)) written.split = true;
    if (written.bytes == 0) written.begin = begin;
    written.bytes += size;
  }
  if (written.split) written.begin = 0;
  return written;
}

bool DiaryFile::cut_back(std::uint64_t begin, std::string_view bytes) {
  reserved_ = 0;
  // All of it and one byte more in one call, for the cut knows no condition: between two the owner could write over
  // what the first has seen.
  std::string there(bytes.size() + 1, '\0');
  ssize_t count = 0;
  do count = disk().read(fd_.get(), begin, there.data(), there.size());
  while (count < 0 && errno == EINTR);
  if (count < 0) throw_errno(tr("cannot read diary '{}'", path_));
  errno = 0;
  if (std::string_view(there).substr(0, static_cast<std::size_t>(count)) != bytes) return false;
  while (disk().ftruncate(fd_.get(), begin) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

void DiaryFile::sync() {
  if (disk().fdatasync(fd_.get()) == 0) return;
  throw Broken(with_errno(tr("cannot sync diary '{}'", path_)) +
               tr("; entries that were not acknowledged may be lost from it, their writers still have them"));
}

std::string DiaryFile::bytes_before(std::uint64_t end, std::size_t size) const {
  size = std::min<std::uint64_t>(end, size);
  return read_at(fd_.get(), end - size, size, {tr_later("diary"), path_});
}

}  // namespace md2
