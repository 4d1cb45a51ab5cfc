#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/os/disk.h"
#include "tests/sim/files.h"

namespace md2::sim {

/// Thrown out of a call to the disk: the process was killed there. No code of md2 knows it, so nothing holds it up.
struct Killed {};

enum class Call { open, read, write, fdatasync, fsync, ftruncate, flock, stat, name, reserve };

/// What the world does to the calls of a process.
class Interference {
 public:
  virtual ~Interference() = default;

  /// Before each call and, for fdatasync, also when all is done but the answer: others may act. True: it dies here.
  virtual bool between_calls(int process, Call call, bool within) = 0;

  /// The sync is to fail.
  virtual bool sync_fails(int process) = 0;
  /// What a failed sync did not write is gone from memory, too.
  virtual void pages_lost() = 0;
  /// The sync is to do nothing and to claim success.
  virtual bool sync_lies(int process) = 0;
  /// How many of so many bytes are written at once.
  virtual std::size_t written_at_once(int process, std::size_t bytes) = 0;
  /// The file is about to be cut by a program.
  virtual void cutting(int process, const Inode& inode, std::uint64_t size) = 0;
};

/// The disk as one process sees it. After its death its calls do nothing: what runs in destructors then never happened.
class ProcessDisk : public Disk {
 public:
  ProcessDisk(Files& files, Interference& world, int process) : files_(files), world_(world), process_(process) {}

  int open(Path path, int flags, mode_t mode) override;
  ssize_t read(int fd, std::uint64_t offset, char* to, std::size_t size) override;
  ssize_t write_at(int fd, std::uint64_t offset, std::string_view bytes) override;
  ssize_t write(int fd, std::string_view bytes) override;
  off_t position(int fd) override;
  int fdatasync(int fd) override { return sync(fd, Call::fdatasync); }
  int fsync(int fd) override { return sync(fd, Call::fsync); }
  int ftruncate(int fd, std::uint64_t size) override;
  int flock(int fd, int operation) override;
  void close(int fd) override;
  void close_apart(int fd) override { close(fd); }
  int reserve(int fd, std::uint64_t offset, std::uint64_t size) override;
  std::uint64_t end_of_data(int fd) override;
  void forget(int fd, std::uint64_t offset) override;

  int stat(int fd, Status& status) override;
  int stat(Path path, Status& status) override;
  int lstat(Path path, Status& status) override;

  int link(Path from, Path to) override;
  int rename(Path from, Path to) override;
  int rename_new(Path from, Path to) override;
  int unlink(Path path) override;
  int mkdir(Path path, mode_t mode) override;
  int names_in(Path folder, std::vector<std::string>& names) override;
  std::string real_path(Path path) override { return files_.real_path(path); }
  std::string boot_id() override;
  int entropy(char* to, std::size_t size) override;

  bool dead() const { return dead_; }

  /// From now on no call has an effect.
  void die();

  /// While it lives, destructors run, which can't be left by an exception: who is killed there dies without one.
  class Quiet {
   public:
    explicit Quiet(ProcessDisk& disk) : disk_(disk) { disk_.quiet_ = true; }
    ~Quiet() { disk_.quiet_ = false; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

   private:
    ProcessDisk& disk_;
  };

 private:
  bool enter(Call call, bool within = false, bool may_throw = true);
  int sync(int fd, Call call);

  Files& files_;
  Interference& world_;
  int process_;
  bool dead_ = false;
  bool quiet_ = false;
};

}  // namespace md2::sim
