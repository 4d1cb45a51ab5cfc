#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"

namespace md2 {

/// A new file beside another one that keeps what was taken out of it: `FILE.torn.2015-10-28T21.26.03`, local time. It
/// is 0600 and never an existing file: a number is added to a name that is taken. Until keep() it is only an attempt,
/// which the destructor removes.
class SideFile {
 public:
  /// `word` says what it holds. Throws Error, as the other members do.
  SideFile(const std::string& path, std::string_view word);
  SideFile(const SideFile&) = delete;
  SideFile& operator=(const SideFile&) = delete;
  ~SideFile();

  const std::string& name() const { return name_; }

  void append(std::string_view bytes);

  /// Appends the bytes from `begin` to before `end` of the file `fd`, in pieces.
  void append_from(int fd, std::uint64_t begin, std::uint64_t end);

  /// The file and its name are on stable storage when this returns.
  void keep();

 private:
  std::string name_;
  UniqueFd fd_;
  bool kept_ = false;
};

}  // namespace md2
