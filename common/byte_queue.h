#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// Bytes that wait, first in, first out. Each byte is moved at most once on average, however small the parts in which
/// it is taken; an empty queue holds no memory.
class ByteQueue {
 public:
  std::string_view view() const { return std::string_view(bytes_).substr(begin_); }
  std::size_t size() const { return bytes_.size() - begin_; }

  /// Makes room for `more` bytes at one go.
  void reserve(std::size_t more) {
    if (begin_ > bytes_.size() / 2) {
      bytes_.erase(0, begin_);
      begin_ = 0;
    }
    bytes_.reserve(bytes_.size() + more);
  }

  void append(std::string_view bytes) {
    reserve(bytes.size());
    bytes_.append(bytes);
  }

  void drop(std::size_t count) {
    begin_ += count;
    if (begin_ >= bytes_.size()) clear();
  }

  void clear() {
    std::string().swap(bytes_);
    begin_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;
};

}  // namespace md2
