#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// The system calls by which the diary, the outbox and what lies beside them reach the disk, with the results and the
/// errno that they have. A test puts a disk in its place that forgets what was not synced, fails, writes short, or lets
/// somebody else act between two calls.
class Disk {
 public:
  using Path = const std::string&;
  using Status = struct stat;

  virtual ~Disk() = default;

  virtual int open(Path path, int flags, mode_t mode = 0) { return ::open(path.c_str(), flags, mode); }
  virtual ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size) {
    return ::pread(fd, to, size, static_cast<off_t>(offset));
  }
  virtual ssize_t write_at(int fd, std::uint64_t offset, std::string_view bytes) {
    return ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  }
  virtual ssize_t write(int fd, std::string_view bytes) { return ::write(fd, bytes.data(), bytes.size()); }
  virtual off_t position(int fd) { return ::lseek(fd, 0, SEEK_CUR); }  ///< behind what was written last
  virtual int fdatasync(int fd) { return ::fdatasync(fd); }
  virtual int fsync(int fd) { return ::fsync(fd); }
  virtual int ftruncate(int fd, std::uint64_t size) { return ::ftruncate(fd, static_cast<off_t>(size)); }
  virtual int flock(int fd, int operation) { return ::flock(fd, operation); }

  /// Of any descriptor that UniqueFd owns, a socket's, too. errno stays: it may be that of the call before, on the way
  /// to its message.
  virtual void close(int fd) {
    const int before = errno;
    ::close(fd);
    errno = before;
  }

  /// The same for a file that may be large and without a name: the last close(2) frees all of it, which takes 0.1 s a
  /// GiB. A thread waits for that.
  virtual void close_apart(int fd);

  /// fallocate(2): room for `size` bytes from `offset` on, without a change of the file's size. Where the system has no
  /// such call, it succeeds and costs nothing.
  virtual int reserve(int fd, std::uint64_t offset, std::uint64_t size);

  /// lseek(2), SEEK_DATA: behind it the file is only room that nobody has written to, zeros. Its size where the file
  /// system can't tell, 0 on an error. The position is moved, and nothing is read ahead from now on: in ext4 that would
  /// make data of the room.
  virtual std::uint64_t end_of_data(int fd);

  /// posix_fadvise(2): what is in memory of the file from `offset` on is not to be trusted; only the disk knows.
  virtual void forget(int fd, std::uint64_t offset);

  virtual int stat(int fd, Status& status) { return ::fstat(fd, &status); }
  virtual int stat(Path path, Status& status) { return ::stat(path.c_str(), &status); }
  virtual int lstat(Path path, Status& status) { return ::lstat(path.c_str(), &status); }

  virtual int link(Path from, Path to) { return ::link(from.c_str(), to.c_str()); }
  virtual int rename(Path from, Path to) { return ::rename(from.c_str(), to.c_str()); }
  /// renameat2(2): EEXIST where rename(2) would replace. EINVAL where the file system can't.
  virtual int rename_new(Path from, Path to) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  }
  virtual int unlink(Path path) { return ::unlink(path.c_str()); }
  virtual int mkdir(Path path, mode_t mode) { return ::mkdir(path.c_str(), mode); }

  /// Appends the names of what lies in the folder, in no order. -1, with errno, when it can't be read.
  virtual int names_in(Path folder, std::vector<std::string>& names);

  /// The path without symbolic links, as far as it exists; as it was given when that can't be told.
  virtual std::string real_path(Path path);

  /// Another after each start of the machine: what was not synced before it may be gone.
  virtual std::string boot_id();

  /// Random bytes, as getentropy(3): at most 256.
  virtual int entropy(char* to, std::size_t size);
};

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
