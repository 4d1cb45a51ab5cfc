#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/os/read_ahead.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// One outbox file: its name, its lock and its bytes. It knows nothing of entries and threads.
///
///     0f3a5c8e2b1d47960f3a5c8e2b1d4796@20261028T132603.417293-4711.outbox
///     diary                            time of making (UTC) and process
///
/// The name tells whom the entries are for: the identity of a diary, or, until that is known, where it was looked for
/// (common/net/server_name.h). It gets the identity before the first of its bytes is sent, and then goes to no other
/// diary. What stands behind the @ sorts by age. The lock (flock(2) on the file itself) lives as long as the client:
/// whoever can take it knows that the owner is dead. A separate lock file was turned down: it would have to be cleaned
/// up after crashes just like this one.
class OutboxFile {
 public:
  /// Makes an empty file (0600) below `folder`, locked and with its name synced. `recipient` as the name has it. Throws
  /// Error.
  static OutboxFile make(const std::string& folder, std::string_view recipient);

  /// Takes over the file that a dead client has left. Nothing when it is locked or gone, that is, somebody else's.
  /// Throws Error when it can't be opened or locked for another reason.
  static std::optional<OutboxFile> adopt(const std::string& path);

  /// The paths of all outboxes below `folder`, the oldest first, whoever owns them and whoever they are for. Throws
  /// Error.
  static std::vector<std::string> list(const std::string& folder);

  /// Whom the outbox of this path is for: an identity, or a name in the form of today, whoever wrote it.
  static std::string recipient_of(const std::string& path);

  const std::string& path() const { return path_; }
  std::string recipient() const { return recipient_of(path_); }

  /// Gives it the name of a diary's identity; one that somebody has deleted or replaced needs none, and then
  /// false is returned. The name is not synced: sync_folder_of() does that for several. Throws Error; the file then has
  /// the name that it had.
  bool bind(const std::string& identity);

  int fd() const { return fd_.get(); }

  /// True when the file still bears its name and has `size` bytes: nobody has deleted or changed it meanwhile.
  bool unchanged(std::uint64_t size) const;

  /// True when the file still bears its name and has at least `size` bytes.
  bool reaches(std::uint64_t size) const;

  /// Appends to a file of `size` bytes: one write(2). Throws Error when that fails; the file is then cut back to
  /// `size`; if that fails as well, it is no longer `unchanged`.
  void append(std::string_view bytes, std::uint64_t size);

  /// Puts what was appended on stable storage: one fdatasync(2). Throws Error. Never append again then: pages may be
  /// lost that the next fdatasync(2) no longer reports.
  void sync();

  /// Cuts the file to `size`. Nothing is synced: what a power cut brings back has been saved before and is sent again
  /// as an entry in doubt. Throws Error.
  void cut(std::uint64_t size);

  /// Removes the name, or makes it FILE.damaged, which no client adopts. The lock stays until the object goes. Both
  /// throw nothing, and do nothing to another file that has taken the name: a file that keeps its name is adopted
  /// again, and its entries are in doubt.
  void unlink() const;
  void set_aside() const;

  /// Puts a file with just `bytes` in the place of this one, at once: by way of FILE.new and rename(2). It is not
  /// locked: for the last moment of a client. Throws Error; the file then is as it was.
  void replace(std::string_view bytes) const;

  /// At most `size` bytes from `offset` on, by way of `window`. Throws Error.
  std::string_view read(std::uint64_t offset, std::size_t size, std::size_t ahead, ReadAhead& window) const;

 private:
  OutboxFile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;
};

}  // namespace md2
