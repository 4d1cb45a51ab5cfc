#include "common/text/packed_pair.h"

#include <cstdint>
#include <cstring>

namespace md2 {
namespace {

/// In it alone the two cases of an ASCII letter differ.
constexpr unsigned char case_bit = 0x20;

/// `width` bytes in one register. A comparison gives 0xff where it holds. GCC and clang know it on every processor.
template <std::size_t width>
using Bytes [[gnu::vector_size(width)]] = unsigned char;

/// Looks at `width` places at once. Inlined, so that each caller makes it of the registers that it may use. `ignored`:
/// case_bit or nothing.
template <std::size_t width, unsigned char ignored>
[[gnu::always_inline]] inline std::size_t find_pair(const PackedPair& pair, std::string_view text, std::size_t at,
                                                    std::size_t end) {
  const char* const bytes = text.data();
  const unsigned char first = static_cast<unsigned char>(pair.first_byte) | ignored;
  const unsigned char second = static_cast<unsigned char>(pair.second_byte) | ignored;
  const auto stands_in = [&](const char* place, std::size_t steps) __attribute__((always_inline)) {
    Bytes<width> marks{};
#pragma GCC unroll 4
    for (const char* const stop = place + steps * width; place != stop; place += width) {
      Bytes<width> firsts, seconds;
      std::memcpy(&firsts, place + pair.first, width);
      std::memcpy(&seconds, place + pair.second, width);
      marks |= reinterpret_cast<Bytes<width>>(((firsts | ignored) == first) & ((seconds | ignored) == second));
    }
    std::uint64_t words[width / sizeof(std::uint64_t)];
    std::memcpy(words, &marks, width);
    std::uint64_t any = 0;
    for (const std::uint64_t word : words) any |= word;
    return any != 0;
  };
  while (at + 4 * width <= end && !stands_in(bytes + at, 4)) at += 4 * width;
  while (at + width <= end && !stands_in(bytes + at, 1)) at += width;
  const auto stands_at = [&](const char* place) {
    return (static_cast<unsigned char>(place[pair.first]) | ignored) == first &&
           (static_cast<unsigned char>(place[pair.second]) | ignored) == second;
  };
  while (at < end && !stands_at(bytes + at)) ++at;
  return at;
}

#ifdef __x86_64__
[[gnu::target("avx2")]] std::size_t find_wide(const PackedPair& pair, std::string_view text, std::size_t at,
                                              std::size_t end) {
  return pair.ignore_case ? find_pair<32, case_bit>(pair, text, at, end) : find_pair<32, 0>(pair, text, at, end);
}
#endif

}  // namespace

std::size_t PackedPair::find(std::string_view text, std::size_t at, std::size_t end) const {
#ifdef __x86_64__
  static const bool has_wide_registers = __builtin_cpu_supports("avx2");
  if (has_wide_registers) return find_wide(*this, text, at, end);
#endif
  return find_narrow(text, at, end);
}

std::size_t PackedPair::find_narrow(std::string_view text, std::size_t at, std::size_t end) const {
  return ignore_case ? find_pair<16, case_bit>(*this, text, at, end) : find_pair<16, 0>(*this, text, at, end);
}

}  // namespace md2
