#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"
#include "server/diary/recent.h"

namespace md2 {

/// The diary: one plain text file that is only ever appended to (md4logging(5)).
///
/// A turn of the server: check_for_changes(), add() for each entry that came, commit() once, then the answers. Readers
/// see only the bytes before durable(). Offsets are bytes in the file.
///
/// The file is its owner's, who may edit it, add to it, replace or remove it at any time. An entry is only ever written
/// at the end, and only after an empty line; bytes are only cut off that a failed append of this server has left there.
/// Text that had to leave the diary is kept beside it (common/os/new_file.h), and so are entries saved since the start
/// that the owner's new file lacks; if he wrote it into the old one, at least those of the last 128 KiB.
///
/// The process must ignore SIGXFSZ, or a file size limit ends it.
class Diary {
 public:
  /// What became of the entries that were added since the last commit().
  struct Commit {
    bool saved = true;   ///< on stable storage; else nothing of it is in the file
    std::string reason;  ///< why not, for the writers: the disk is full and the like

    /// To be added to each offset that add() gave: not 0 only if somebody else wrote to the file since
    /// check_for_changes().
    std::int64_t shift = 0;
  };

  /// Takes a line that the owner should read: what happened, what is safe, and where it is.
  using Report = std::function<void(std::string)>;

  /// Opens the diary, makes it (0600) when it is missing, locks it (`PATH.lock`, and the file itself, which may have
  /// other names), and looks at its end. A symbolic link is followed, but the lock and what is kept lie beside `path`.
  /// Its folder must exist. Throws Error.
  Diary(std::string path, Report report);

  /// Everything before this offset is on stable storage and may be shown.
  std::uint64_t durable() const { return durable_; }

  /// Reads at most `size` durable bytes from `offset` on and returns how many. 0 at the end and beyond it.
  /// Throws Error when the file can't be read.
  std::size_t read(std::uint64_t offset, char* to, std::size_t size) const;

  /// Notices that the owner has replaced the file, cut it or added to it, and goes on with what now bears the name.
  /// True when the offsets known so far are worth nothing any more (replaced or cut): cursors go on from durable().
  /// Costs one stat(2) whatever the size. Does nothing between add() and commit(). Throws Error when there is no diary
  /// to go on with.
  bool check_for_changes();

  /// Takes an encoded entry into the batch of this turn. Returns the offset at which it will stand once commit() has
  /// saved.
  std::uint64_t add(std::string_view encoded);

  /// The batch: entries added and not yet committed, one after another, and before the first of them the newlines that
  /// the file lacks. Its first byte will stand at durable().
  const std::string& batch() const { return batch_; }

  /// True when the entry is known to stand nowhere at or behind `since`, neither in the file nor in the batch. False:
  /// it has to be looked for (Lookup, for which a `since` beyond the end is 0).
  bool surely_new(std::string_view encoded, std::uint64_t since) const {
    return since >= recent_.begin() && since <= durable_ && !recent_.may_contain(encoded, since);
  }

  /// One write(2) and one fdatasync(2) for the whole batch. Does nothing for an empty batch. Throws Error when the disk
  /// has lost what was written (fdatasync failed): the server must end without another word to the writers. Every
  /// later commit() throws the same, and nothing is written any more.
  Commit commit();

 private:
  /// The file that bears the name, or did at the last check_for_changes().
  struct File {
    UniqueFd fd;
    dev_t device = 0;
    ino_t inode = 0;
  };

  File open_file() const;
  void adopt(File file);
  void end_at(std::uint64_t size);
  void check_end();
  void replaced(bool removed);
  bool resized(std::uint64_t size);
  std::string missing_from(int fd, std::uint64_t begin, std::uint64_t end) const;
  std::string missing_recent();

  Commit append(std::string_view bytes);
  std::string take_back(std::uint64_t begin, std::size_t written, int error);
  void sync();
  void cut_to(std::uint64_t size, const std::string& why);
  std::string bytes_before(std::uint64_t end, std::size_t size) const;
  std::string_view newlines_before_entry() const;

  std::string path_;
  Report report_;
  UniqueFd lock_;
  File file_;
  std::uint64_t durable_ = 0;
  std::uint64_t first_append_ = 0;  ///< what this server appended to the file stands from here on
  std::string batch_;
  Recent recent_;          ///< of file and batch
  std::string broken_;     ///< why nothing may be written any more
  bool cut_ = false;       ///< commit() found the file shorter than check_for_changes() had
  bool added_to_ = false;  ///< by hand since our last append, and reported
};

}  // namespace md2
