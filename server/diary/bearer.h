#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "common/os/clock.h"
#include "server/diary/diary_file.h"

namespace md2 {

/// What bears the name of the diary. A program may take the name away and be about to put another file there: for a
/// second, none of ours must come in between. A folder, a pipe, or a file that can't be opened may bear it: then
/// nothing can be written until its owner has put a file there.
class Bearer {
 public:
  using Time = Clock::Steady;
  using Status = struct stat;

  enum class State {
    same,     ///< the file that is open
    another,  ///< open() is to be called
    unclear,  ///< nothing is to be done yet: it is looked at again at next_look()
  };

  /// `path` is borrowed.
  explicit Bearer(const std::string& path) : path_(path) {}

  /// `file`: that is open. `status` is what stat(2) says of the name, when it is `same`.
  State look(const DiaryFile& file, Status& status, Time now);

  /// Opens what bears the name, or makes a new file; nothing when that is not possible: obstacle() says why.
  std::optional<DiaryFile> open(Time now);

  /// Nobody bears the name at the moment.
  bool awaited() const { return gone_since_.has_value(); }

  /// True when open() has made a new file, or was to.
  bool was_removed() const { return removed_; }

  /// Why nothing can be written; empty when it can.
  const std::string& obstacle() const { return obstacle_; }

  /// While it is unclear.
  std::optional<Time> next_look(Time now) const;

 private:
  const std::string& path_;
  std::optional<Time> gone_since_;
  bool removed_ = false;
  std::string obstacle_;
  Time again_at_{};  ///< when it is looked at again
};

}  // namespace md2
