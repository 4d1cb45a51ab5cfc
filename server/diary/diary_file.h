#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/error.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// The disk has lost what was written, or holds what can't be taken back: nothing may be written any more.
class Broken : public Error {
  using Error::Error;
};

/// The file of a diary: its descriptor, opened for appending and locked, and the calls that change it. It knows nothing
/// of entries and keeps no promise; Diary does.
class DiaryFile {
 public:
  DiaryFile() = default;

  /// Opens the file, makes it (0600) when it is missing, locks it, and syncs it and its name: an editor, or a server
  /// that died, may have made it and not synced it. Throws Error; Broken where a sync has failed.
  explicit DiaryFile(const std::string& path);

  int fd() const { return fd_.get(); }
  UniqueFd take_fd() { return std::move(fd_); }
  std::uint64_t size() const;
  struct stat status() const;

  /// True when it is this file that has the status.
  bool is(const struct stat& status) const { return status.st_dev == device_ && status.st_ino == inode_; }

  /// True when there is room on the disk for `size` bytes behind the `end` of the file; it is then kept for them. Else
  /// errno says why not.
  bool reserve(std::uint64_t end, std::uint64_t size);

  struct Written {
    std::size_t bytes = 0;    ///< fewer than were given: `error` says why
    std::uint64_t begin = 0;  ///< where they stand; without bytes: where the file was to end
    int error = 0;
    bool split = false;  ///< somebody wrote, or cut, between two writes: they do not stand together, and `begin` is 0
  };

  /// Appends. O_APPEND knows no condition: who else has appended since `end` was the end has his bytes before these.
  Written append(std::string_view bytes, std::uint64_t end);

  /// Cuts the file to `begin` when just `bytes` stand from there to its end. False, and errno set (0: something else
  /// stands there), when it was not cut.
  bool cut_back(std::uint64_t begin, std::string_view bytes);

  /// fdatasync(2). Throws Broken: a second one would return success for pages that are gone.
  void sync();

  /// At most `size` bytes before `end`.
  std::string bytes_before(std::uint64_t end, std::size_t size) const;

 private:
  std::string path_;
  UniqueFd fd_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::uint64_t reserved_ = 0;  ///< there is room up to this offset
};

}  // namespace md2
