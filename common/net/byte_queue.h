#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace md2 {

/// Bytes that wait, first in, first out. Each byte is moved at most once on average, however small the parts in which
/// it is taken. An empty queue holds no memory.
class ByteQueue {
 public:
  std::string_view view() const { return std::string_view(bytes_).substr(begin_); }
  std::size_t size() const { return bytes_.size() - begin_; }

  /// Memory, in bytes: more than size().
  std::size_t held() const { return bytes_.capacity(); }

  /// Makes room for `more` bytes at one go.
  void reserve(std::size_t more) {
    if (bytes_.empty() && more >= worth_sparing && bytes_.capacity() < more && spare().capacity() >= more)
      bytes_.swap(spare());
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
    std::string old = std::exchange(bytes_, {});
    begin_ = 0;
    if (old.capacity() <= spare().capacity() || old.capacity() > max_spare) return;
    old.clear();
    old.swap(spare());
  }

 private:
  static constexpr std::size_t worth_sparing = std::size_t{8} << 10;
  static constexpr std::size_t max_spare = std::size_t{512} << 10;

  /// The largest buffer that a queue of this thread has given back, for the next one that needs as much. Without it a
  /// stream takes 64 KiB from malloc and gives it back with each turn, malloc takes it from the kernel and gives it
  /// back, and the page faults cost three times what the cipher does.
  static std::string& spare() {
    static thread_local std::string buffer;
    return buffer;
  }

  std::string bytes_;
  std::size_t begin_ = 0;
};

}  // namespace md2
