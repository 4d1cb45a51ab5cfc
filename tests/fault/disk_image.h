#pragma once

#include <string>

#include "tests/support/sandbox.h"

namespace md2::test {

/// A small disk of one test's own: an ext4 in a file, mounted on a folder of the sandbox. Its power can be cut, and it
/// can be full. Not every machine allows mounting: ask usable().
class DiskImage {
 public:
  /// `folder` must exist; what is in it is hidden. `sandbox` must outlive the disk.
  DiskImage(const Sandbox& sandbox, std::string folder);
  ~DiskImage();
  DiskImage(const DiskImage&) = delete;
  DiskImage& operator=(const DiskImage&) = delete;

  bool usable() const { return usable_; }

  /// Keeps what a power cut at this moment would leave: the image as it is, without what nobody has synced.
  void cut_power() const;

  /// The disk as it was at cut_power(). Who had files open on it must have ended. Throws Failure.
  void come_back();

  /// Takes all room, but for what is left in the last block of each file, and gives it back.
  void fill() const;
  void make_room() const;

 private:
  bool mount() const;
  void unmount() const;

  const Sandbox& sandbox_;
  std::string image_;
  std::string folder_;
  bool usable_ = false;
};

}  // namespace md2::test
