#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// A file (0600) that is written whole and synced before it counts: it stays under the name that it was given, or takes
/// another one at once. Until then it is only an attempt, which the destructor removes. All members throw Error.
class NewFile {
 public:
  /// What was taken out of `path`, kept beside it: `FILE.torn.2015-10-28T21.26.03`, local time; `word` says what it is.
  /// Until keep() it is `FILE.torn.new`: who is killed meanwhile leaves nothing that looks whole. The caller holds a
  /// lock as for beside().
  static NewFile aside(const std::string& path, std::string_view word);

  /// What is to take the name `path` by replace(): `FILE.new`. The caller holds a lock that belongs to `path`; so a
  /// FILE.new that is there is what a process left that was killed, and goes.
  static NewFile beside(const std::string& path);

  /// The same without a lock, for link() too: others may be at it, and nothing of theirs goes.
  static NewFile beside_others(const std::string& path);

  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  /// Where it is now.
  const std::string& name() const { return name_; }

  void append(std::string_view bytes);

  /// Appends the bytes from `begin` to before `end` of the file `fd`, in pieces.
  void append_from(int fd, std::uint64_t begin, std::uint64_t end);

  // Each of these is the last call. The file and its name are on stable storage when it returns.

  /// Takes the name that aside() was given, with a number behind it where it is taken. Where a file that was kept so
  /// before holds the same, that one is it: who kept it was killed before he could note that.
  void keep();
  void replace(const std::string& path);

  /// Takes the name only if nobody has it: rename(2) would replace what another program has just made.
  void link(const std::string& path);

 private:
  /// Never an existing file: a number is added to a name that is taken.
  explicit NewFile(const std::string& stem);
  void sync();
  bool take_name(const std::string& name);
  bool is_kept_already();

  std::string name_;
  std::string aside_;       ///< the name that keep() takes
  std::string aside_stem_;  ///< what all such names begin with
  UniqueFd fd_;
  bool kept_ = false;
};

}  // namespace md2
