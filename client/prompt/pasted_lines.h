#pragma once

#include <cstddef>

namespace md2 {

/// CR LF in a paste is one newline. Readline takes CR for a newline as well as LF, since terminals paste either, and
/// would make two of it.
class PastedLines {
 public:
  /// A paste may begin.
  void begin() { after_cr_ = false; }

  /// Takes each LF behind a CR out of the bytes that came. Returns how many stay: maybe none.
  std::size_t filter(char* bytes, std::size_t count) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const bool dropped = after_cr_ && bytes[i] == '\n';
      after_cr_ = bytes[i] == '\r';
      if (!dropped) bytes[kept++] = bytes[i];
    }
    return kept;
  }

 private:
  bool after_cr_ = false;  ///< the last byte that came was one
};

}  // namespace md2
