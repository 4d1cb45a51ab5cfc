#include "common/os/disk.h"

#include <unistd.h>

namespace md2 {

ssize_t Disk::write(int fd, std::string_view bytes) {
  return ::write(fd, bytes.data(), bytes.size());
}

int Disk::fdatasync(int fd) {
  return ::fdatasync(fd);
}

int Disk::ftruncate(int fd, std::uint64_t size) {
  return ::ftruncate(fd, static_cast<off_t>(size));
}

Disk& real_disk() {
  static Disk disk;
  return disk;
}

}  // namespace md2
