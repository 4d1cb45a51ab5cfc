#include "tests/support/fake_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/os/file.h"

namespace md2::test {

/// The descriptor tells it: that one may have been opened before this disk was there.
bool FakeDisk::appends(int fd) const {
  return (fcntl(fd, F_GETFL) & O_APPEND) != 0;
}

ssize_t FakeDisk::read(int fd, std::uint64_t offset, char* to, std::size_t size) {
  const ssize_t count = Disk::read(fd, offset, to, size);
  if (behind_read) std::exchange(behind_read, nullptr)();
  return count;
}

int FakeDisk::open(Path path, int flags, mode_t mode) {
  if (full_for.empty() || (flags & O_CREAT) == 0 || path.find(full_for) == std::string::npos)
    return Disk::open(path, flags, mode);
  errno = ENOSPC;
  return -1;
}

ssize_t FakeDisk::write(int fd, std::string_view bytes) {
  if (!appends(fd)) return Disk::write(fd, bytes);
  if (before_append) std::exchange(before_append, nullptr)();
  ++writes;
  if (interruptions > 0) {
    --interruptions;
    errno = EINTR;
    return -1;
  }
  const std::size_t count = std::min<std::uint64_t>({bytes.size(), longest_write, room});
  if (count == 0) {
    errno = write_error;
    return -1;
  }
  room -= count;
  return Disk::write(fd, bytes.substr(0, count));
}

int FakeDisk::reserve(int fd, std::uint64_t offset, std::uint64_t size) {
  if (reserve_error == 0) return Disk::reserve(fd, offset, size);
  errno = reserve_error;
  return -1;
}

int FakeDisk::fdatasync(int fd) {
  if (!appends(fd)) return Disk::fdatasync(fd);
  if (before_sync) before_sync();
  ++syncs;
  if (fdatasync_error != 0) {
    errno = fdatasync_error;
    return -1;
  }
  if (pretends_to_sync) return 0;
  struct stat status = {};
  if (fstat(fd, &status) != 0) return -1;
  stable_.resize(static_cast<std::size_t>(status.st_size));
  read_at(fd, 0, stable_.data(), stable_.size(), {"diary", {}});
  return 0;
}

int FakeDisk::fsync(int fd) {
  if (fsync_error == 0 || !appends(fd)) return Disk::fsync(fd);
  errno = fsync_error;
  return -1;
}

int FakeDisk::ftruncate(int fd, std::uint64_t size) {
  if (ftruncate_error != 0 && appends(fd)) {
    errno = ftruncate_error;
    return -1;
  }
  return Disk::ftruncate(fd, size);
}

}  // namespace md2::test
