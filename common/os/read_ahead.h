#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/os/file.h"

namespace md2 {

/// Reads one piece of a file after another with few system calls: what was read together with one is there for the
/// next. It knows nothing of what is written to the file meanwhile.
class ReadAhead {
 public:
  /// `size` bytes from `offset` of the open file `fd`, fewer where it ends; valid until the next call. When they are
  /// not there yet, at least `ahead` bytes are read; but no more than these where they don't follow the last ones:
  /// pieces that are read in another order than they stand would all be read many times. Throws Error ("cannot read
  /// KIND 'PATH'"), and knows nothing then.
  std::string_view read(int fd, std::uint64_t offset, std::size_t size, std::size_t ahead, FileName name);

  /// What was read is read anew. Call it before the descriptor is closed: another file may get its number.
  void forget();

 private:
  int fd_ = -1;
  std::string room_;
  std::size_t count_ = 0;    ///< bytes of it that were read
  std::uint64_t begin_ = 0;  ///< of them, in the file
  std::uint64_t next_ = 0;   ///< behind the last piece
};

}  // namespace md2
