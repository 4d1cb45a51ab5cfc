#include "common/os/read_ahead.h"

#include <algorithm>

namespace md2 {

std::string_view ReadAhead::read(int fd, std::uint64_t offset, std::size_t size, std::size_t ahead, FileName name) {
  if (fd != fd_ || offset < begin_ || offset + size > begin_ + bytes_.size()) {
    const bool in_order = fd != fd_ || offset == next_;
    forget();
    bytes_ = read_at(fd, offset, in_order ? std::max(size, ahead) : size, name);
    begin_ = offset;
    fd_ = fd;
  }
  next_ = offset + size;
  return std::string_view(bytes_).substr(offset - begin_, size);
}

void ReadAhead::forget() {
  fd_ = -1;
  bytes_.clear();
}

}  // namespace md2
