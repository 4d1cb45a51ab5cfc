#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace md2 {

/// The diary: one plain text file that is only ever appended to (md4logging(5)).
///
/// A turn of the server: look(), add() for each entry that came, commit() once, then the answers. Readers see only the
/// bytes before durable(). Offsets are bytes in the file.
class Diary {
 public:
  /// What became of the entries that were added since the last commit().
  struct Commit {
    bool saved = true;   ///< on stable storage; else nothing of it is in the file
    std::string reason;  ///< why not, for the writers: the disk is full and the like
  };

  /// Opens the diary, makes it (0600) when it is missing, locks it, and looks at its end. Throws Error.
  explicit Diary(std::string path);

  const std::string& path() const;

  /// Everything before this offset is on stable storage and may be shown.
  std::uint64_t durable() const;

  /// Reads at most `size` durable bytes from `offset` on and returns how many. 0 at the end and beyond it.
  /// Throws Error when the file can't be read.
  std::size_t read(std::uint64_t offset, char* to, std::size_t size) const;

  /// Notices that the owner has replaced the file, cut it or added to it, and goes on with what now bears the name.
  /// True when the offsets known so far are worth nothing any more (replaced or cut): cursors go on from durable().
  /// Costs two stat(2) whatever the size. Throws Error when there is no diary to go on with.
  bool look();

  /// Takes an encoded entry into the batch of this turn. Returns the offset at which it will stand once commit() has saved.
  std::uint64_t add(std::string_view encoded);

  /// The batch: entries added and not yet committed, one after another.
  const std::string& batch() const;

  /// One write(2) and one fdatasync(2) for the whole batch. Does nothing for an empty batch. Throws Error when the disk
  /// has lost what was written (fdatasync failed): the server must end without another word to the writers.
  Commit commit();
};

}  // namespace md2
