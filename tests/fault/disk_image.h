#pragma once

#include <string>

#include "tests/support/program.h"
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

  bool usable() const { return trouble_.empty(); }
  /// Why not, in words.
  const std::string& trouble() const { return trouble_; }

  /// Keeps what a power cut at this moment would leave: the image as it is, without what nobody has synced.
  void cut_power() const;

  /// The disk as it was at cut_power(). Who had files open on it must have ended. Throws Failure.
  void come_back();

  /// Takes all room, but for what is left in the last block of each file, and gives it back.
  void fill() const;
  void make_room() const;

 private:
  /// What the command says in its first line when it fails; nothing when it works.
  std::string trouble_of(const Command& command) const;
  std::string mount() const;
  void unmount() const;

  const Sandbox& sandbox_;
  std::string image_;
  std::string folder_;
  std::string trouble_;
};

}  // namespace md2::test
