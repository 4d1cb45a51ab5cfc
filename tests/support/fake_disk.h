#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "common/os/disk.h"

namespace md2::test {

/// A disk with real files behind it that does to what is appended to (diary, outbox) what a real one does once in ten
/// years; all else works. Take it for a unit test; real disks that lose power are in tests/fault/disk_image.h.
class FakeDisk : public Disk {
 public:
  ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size) override;
  int open(Path path, int flags, mode_t mode = 0) override;
  ssize_t write(int fd, std::string_view bytes) override;
  int reserve(int fd, std::uint64_t offset, std::uint64_t size) override;
  int fdatasync(int fd) override;
  int fsync(int fd) override;
  std::string boot_id() override { return boot.empty() ? Disk::boot_id() : boot; }
  int ftruncate(int fd, std::uint64_t size) override;

  std::size_t longest_write = std::numeric_limits<std::size_t>::max();
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max();  ///< bytes that can still be written
  int write_error = ENOSPC;                                        ///< what write says when there is no room
  int interruptions = 0;                                           ///< so many writes fail with EINTR first
  int fdatasync_error = 0;
  int fsync_error = 0;
  int ftruncate_error = 0;
  int reserve_error = 0;                ///< what reserve says
  std::string full_for;                 ///< no file can be made whose path holds this; empty: every one can
  std::string boot;                     ///< another boot_id(); empty: that of the machine
  std::function<void()> behind_read;    ///< what somebody else does right behind the next read, once
  std::function<void()> before_append;  ///< what somebody else does just before the next write that appends, once
  std::function<void()> before_sync;    ///< what somebody else does just before a sync
  bool pretends_to_sync = false;        ///< fdatasync succeeds and does nothing

  int writes = 0;
  int syncs = 0;

  /// What the last sync has put on stable storage.
  const std::string& stable() const { return stable_; }

 private:
  bool appends(int fd) const;

  std::string stable_;
};

}  // namespace md2::test
