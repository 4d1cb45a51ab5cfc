#include "common/text/byte_pair.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <bit>

#include "common/text/vector_bytes.h"

namespace md2 {
namespace {

/// As the search compares it.
unsigned char folded(const BytePair& pair, char byte) {
  return static_cast<unsigned char>(byte) | (pair.fold ? case_bit : 0);
}

bool stands_at(const BytePair& pair, const char* place) {
  return folded(pair, place[pair.first]) == folded(pair, pair.first_byte) &&
         folded(pair, place[pair.second]) == folded(pair, pair.second_byte);
}

class Places {
 public:
  static constexpr std::size_t width = sizeof(VectorBytes);

  explicit Places(const BytePair& pair)
      : pair_(pair),
        first_(VectorBytes{} + folded(pair, pair.first_byte)),
        second_(VectorBytes{} + folded(pair, pair.second_byte)),
        bits_(VectorBytes{} + folded(pair, 0)) {}

  /// Marks those of `width` places where the pair stands.
  VectorBytes marks(const char* place) const {
    return reinterpret_cast<VectorBytes>(((load_bytes(place + pair_.first) | bits_) == first_) &
                                         ((load_bytes(place + pair_.second) | bits_) == second_));
  }

 private:
  const BytePair& pair_;
  VectorBytes first_;
  VectorBytes second_;
  VectorBytes bits_;
};

#ifdef __x86_64__
class WidePlaces {
 public:
  static constexpr std::size_t width = 32;

  [[gnu::target("avx2")]] explicit WidePlaces(const BytePair& pair)
      : pair_(pair),
        first_(_mm256_set1_epi8(static_cast<char>(folded(pair, pair.first_byte)))),
        second_(_mm256_set1_epi8(static_cast<char>(folded(pair, pair.second_byte)))),
        bits_(_mm256_set1_epi8(static_cast<char>(folded(pair, 0)))) {}

  [[gnu::target("avx2")]] __m256i marks(const char* place) const {
    return _mm256_and_si256(_mm256_cmpeq_epi8(bytes(place + pair_.first), first_),
                            _mm256_cmpeq_epi8(bytes(place + pair_.second), second_));
  }

 private:
  [[gnu::target("avx2")]] __m256i bytes(const char* from) const {
    return _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), bits_);
  }

  const BytePair& pair_;
  __m256i first_;
  __m256i second_;
  __m256i bits_;
};
#endif

std::size_t find_singly(const BytePair& pair, const char* text, std::size_t at, std::size_t end) {
  while (at < end && !stands_at(pair, text + at)) ++at;
  return at;
}

}  // namespace

std::size_t BytePair::find_narrow(const char* text, std::size_t at, std::size_t end) const {
  constexpr std::size_t width = Places::width;
  const Places places(*this);
  for (; at + 4 * width <= end; at += 4 * width) {
    const char* const place = text + at;
    if (any_byte(places.marks(place) | places.marks(place + width) | places.marks(place + 2 * width) |
                 places.marks(place + 3 * width))) {
      break;
    }
  }
  while (at + width <= end && !any_byte(places.marks(text + at))) at += width;
  return find_singly(*this, text, at, end);
}

#ifdef __x86_64__
bool BytePair::has_wide_registers() {
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
}

[[gnu::target("avx2")]] std::size_t BytePair::find_wide(const char* text, std::size_t at, std::size_t end) const {
  constexpr std::size_t width = WidePlaces::width;
  const WidePlaces places(*this);
  for (; at + 4 * width <= end; at += 4 * width) {
    const char* const place = text + at;
    const __m256i near = _mm256_or_si256(places.marks(place), places.marks(place + width));
    const __m256i far = _mm256_or_si256(places.marks(place + 2 * width), places.marks(place + 3 * width));
    if (_mm256_movemask_epi8(_mm256_or_si256(near, far)) != 0) break;
  }
  for (; at + width <= end; at += width) {
    const auto marks = static_cast<unsigned>(_mm256_movemask_epi8(places.marks(text + at)));
    if (marks != 0) return at + static_cast<unsigned>(std::countr_zero(marks));
  }
  return find_singly(*this, text, at, end);
}
#else
bool BytePair::has_wide_registers() {
  return false;
}

std::size_t BytePair::find_wide(const char* text, std::size_t at, std::size_t end) const {
  return find_narrow(text, at, end);
}
#endif

}  // namespace md2
