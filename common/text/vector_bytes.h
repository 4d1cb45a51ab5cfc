#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace md2 {

/// 16 bytes in one register. A comparison gives 0xff where it holds. GCC and clang know it on every processor.
using VectorBytes = unsigned char __attribute__((vector_size(16)));

inline VectorBytes load_bytes(const char* from) {
  VectorBytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// True when a byte is not 0.
inline bool any_byte(VectorBytes bytes) {
  std::uint64_t halves[2];
  std::memcpy(halves, &bytes, sizeof bytes);
  return (halves[0] | halves[1]) != 0;
}

/// In it alone the two cases of an ASCII letter differ; the small one has it.
inline constexpr unsigned char case_bit = 0x20;

}  // namespace md2
