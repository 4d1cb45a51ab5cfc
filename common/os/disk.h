#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace md2 {

/// The system calls by which the diary, the outbox and what lies beside them reach the disk, with the results and the
/// errno that they have. A test puts a disk in its place that forgets what was not synced, fails, writes short, or lets
/// somebody else act between two calls.
class Disk {
 public:
  virtual ~Disk() = default;

  virtual int open(const std::string& path, int flags, mode_t mode = 0);
  virtual ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size);  ///< pread(2)
  virtual ssize_t write(int fd, std::string_view bytes);
  virtual off_t position(int fd);  ///< lseek(2): behind what was written last
  virtual int fdatasync(int fd);
  virtual int fsync(int fd);
  virtual int ftruncate(int fd, std::uint64_t size);
  virtual int flock(int fd, int operation);

  virtual int stat(int fd, struct stat& status);
  virtual int stat(const std::string& path, struct stat& status);
  virtual int lstat(const std::string& path, struct stat& status);

  virtual int link(const std::string& from, const std::string& to);
  virtual int rename(const std::string& from, const std::string& to);
  virtual int unlink(const std::string& path);
};

/// The real one.
Disk& real_disk();

/// The one that this thread uses: the real one, but for what UseDisk says.
Disk& disk();

/// While it lives, this thread uses another disk.
class UseDisk {
 public:
  explicit UseDisk(Disk& other);
  ~UseDisk();
  UseDisk(const UseDisk&) = delete;
  UseDisk& operator=(const UseDisk&) = delete;

 private:
  Disk* before_;
};

}  // namespace md2
