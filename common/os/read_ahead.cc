#include "common/os/read_ahead.h"

#include <algorithm>

namespace md2 {

std::string_view ReadAhead::read(int fd, std::uint64_t offset, std::size_t size, std::size_t ahead, FileName name) {
  if (fd != fd_ || offset < begin_ || offset + size > begin_ + count_) {
    const bool in_order = fd != fd_ || offset == next_;
    forget();
    const std::size_t wanted = in_order ? std::max(size, ahead) : size;
    // To fill new room with zeros takes nearly as long as to read.
    if (room_.size() < wanted || room_.size() / 4 > std::max(wanted, ahead)) room_ = std::string(wanted, '\0');
    count_ = read_at(fd, offset, room_.data(), wanted, name);
    begin_ = offset;
    fd_ = fd;
  }
  next_ = offset + size;
  return std::string_view(room_.data(), count_).substr(offset - begin_, size);
}

void ReadAhead::forget() {
  fd_ = -1;
  count_ = 0;
}

}  // namespace md2
