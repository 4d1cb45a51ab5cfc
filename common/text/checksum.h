#pragma once

#include <cstdint>
#include <string_view>

namespace md2 {

/// Of bytes that come in pieces of any size: 64 bits, against damage and mistakes, not against malice.
class Checksum {
 public:
  void add(std::string_view bytes);
  std::uint64_t value() const;

 private:
  void add_byte(char byte);

  std::uint64_t value_ = 0;
  std::uint64_t word_ = 0;    ///< the bytes of one that is not yet whole
  std::uint64_t filled_ = 0;  ///< so many
};

}  // namespace md2
