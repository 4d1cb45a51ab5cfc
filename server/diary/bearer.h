#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "common/os/clock.h"
#include "server/diary/diary_file.h"

namespace md2 {

/// What bears the name of the diary. A program may take the name away and be about to put another file there: for a
/// second, none of ours must come in between. A folder, a pipe, or a file that can't be opened may bear it: then
/// nothing can be written until its owner has put a file there, and the diary is the file that is open.
class Bearer {
 public:
  using Time = Clock::Steady;
  using Status = struct stat;

  /// `path` is borrowed.
  explicit Bearer(const std::string& path) : path_(path) {}

  /// `file`: that is open. False while it is the diary; `status` is what stat(2) says of it. True: open() is to be
  /// called.
  bool is_another(const DiaryFile& file, Status& status, Time now);

  /// Opens what bears the name, or makes a new file; nothing when that is not possible: obstacle() says why.
  /// Throws Broken.
  std::optional<DiaryFile> open(Time now);

  /// Nobody bears the name, since less than a second.
  bool awaited() const { return gone_since_.has_value(); }

  /// The file that is open bears it, as far as is known.
  bool is_known() const { return !awaited() && obstacle_.empty(); }

  /// True when open() has made a new file, or was to.
  bool was_removed() const { return removed_; }

  /// Why nothing can be written; empty when it can.
  const std::string& obstacle() const { return obstacle_; }

  /// When it is to be looked at though nothing has happened. `work`: when the file that is open is to be.
  std::optional<Time> next_look(Time now, std::optional<Time> work) const;

 private:
  const std::string& path_;
  std::optional<Time> gone_since_;
  bool removed_ = false;
  std::string obstacle_;
  Time again_at_{};  ///< when it is looked at again
};

}  // namespace md2
