#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace md2 {

/// The system calls that decide whether an entry survives, with the results and the errno that they have. A test puts a
/// disk in its place that forgets what was not synced, fails or writes short.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual ssize_t write(int fd, std::string_view bytes);
  virtual int fdatasync(int fd);
  virtual int ftruncate(int fd, std::uint64_t size);
};

/// The real one.
Disk& real_disk();

}  // namespace md2
