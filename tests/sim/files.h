#pragma once

#include <fcntl.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/os/disk.h"
#include "tests/sim/marked.h"
#include "tests/sim/random.h"

namespace md2::sim {

/// A change of a file that is not yet on stable storage.
struct Change {
  bool cut = false;  ///< to `offset` bytes; else a write
  std::uint64_t offset = 0;
  Marked bytes;
};

/// A file, whatever names it has. `now` is what programs see; `stable` and some of `pending` is what a power cut
/// leaves.
struct Inode {
  ino_t number = 0;
  bool folder = false;
  std::string link;  ///< what a symbolic link leads to: a path that is none; empty: it is no link
  Marked now;
  Marked stable;
  std::vector<Change> pending;
  std::uint64_t reserved = 0;  ///< up to there the disk has room for it
  std::int64_t mtime = 0;      ///< nanoseconds; of ctime as well
  int locked_by = -1;          ///< descriptor
};
using InodePtr = std::shared_ptr<Inode>;

/// The disk of a world: files, names, descriptors and locks, in memory. Names are stable once their folder is synced,
/// bytes once their file is: nothing else is promised, as POSIX has it.
class Files {
 public:
  explicit Files(Random& random) : random_(random) {}

  struct Descriptor {
    InodePtr inode;
    std::string path;
    std::uint64_t position = 0;
    bool append = false;
    int process = 0;
  };

  // What programs and the owner do; with the results and the errno of the system calls.

  int open(int process, const std::string& name, int flags);
  void close(int fd);
  ssize_t write(int fd, std::string_view bytes, char author);
  ssize_t write_at(int fd, std::uint64_t offset, std::string_view bytes, char author);
  int cut(int fd, std::uint64_t size);
  int sync(int fd);
  int fail_sync(int fd);  ///< as the kernel does it: the pages count as clean then
  int reserve(int fd, std::uint64_t end);
  int lock(int fd, int operation);
  void forget(int fd);
  int status(const Inode* inode, struct stat& status) const;
  int link(const std::string& from, const std::string& to);
  int rename(const std::string& from, const std::string& to);
  int unlink(const std::string& path);
  int mkdir(const std::string& path);

  /// What bears the name; find() follows a link.
  InodePtr find_name(const std::string& path) const;
  InodePtr find(const std::string& path) const;
  std::string real_path(const std::string& path) const;
  Descriptor* descriptor(int fd);
  static bool is_simulated(int fd) { return fd >= first_fd; }

  /// Names of what lies in the folder, sorted.
  std::vector<std::string> names_in(const std::string& folder) const;

  /// Files that a process has open.
  std::vector<InodePtr> held_by(int process) const;

  /// A process is no more: its descriptors and locks are gone.
  void end_process(int process);

  /// What was not synced may vanish, tear at any byte or be zeros. All processes must have ended.
  void cut_power();

  /// Bytes that can still be written, by programs.
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max();

  int boots = 1;              ///< of the machine
  std::uint64_t entropy = 1;  ///< where its random bytes come from

  std::int64_t clock = 1'000'000'000;  ///< of mtime, in nanoseconds

  // For the owner, whom no descriptor and no lack of room holds up.

  void put(const InodePtr& inode, std::uint64_t offset, const Marked& bytes);
  void cut(const InodePtr& inode, std::uint64_t size);
  InodePtr make(const std::string& path);
  void make_link(const std::string& path, const std::string& target) { make(path)->link = target; }
  void sync(const InodePtr& inode);
  void sync_names(const std::string& folder);

 private:
  /// Names that change at one moment.
  struct NameChange {
    std::vector<std::pair<std::string, InodePtr>> names;  ///< no inode: the name goes
  };

  static constexpr int first_fd = 1 << 24;

  int fail(int error) const;
  void change(NameChange change);
  void touch(Inode& inode) { inode.mtime = ++clock; }
  void settle(Inode& inode);
  static void apply(Marked& to, const Change& change, std::size_t bytes);

  Random& random_;
  ino_t next_inode_ = 100;
  int next_fd_ = first_fd;
  std::map<int, Descriptor> descriptors_;
  std::map<std::string, InodePtr> names_;
  std::map<std::string, InodePtr> stable_names_;
  std::vector<NameChange> pending_names_;
};

}  // namespace md2::sim
