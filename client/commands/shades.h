#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "client/commands/day_counts.h"

namespace md2 {

/// How much was written on a day, beside the others: four shades, so that each stands for about as many days. An import
/// of thousands of entries, all of one day, makes that day dark and leaves the others as they were. Where days are
/// alike they have the lightest.
class Shades {
 public:
  static constexpr int levels = 4;

  /// The days that are shown.
  explicit Shades(const DayCounts& days);

  /// 0 for none, 1 to 4.
  int level(std::uint64_t entries) const;

  /// `entries a day: - 1  + 2-3  * 4-6  # 7-40`, of the shades that there are; with colour the numbers are shaded.
  std::string legend(bool colour) const;

 private:
  struct Span {
    std::uint64_t least = 0, most = 0;  ///< entries; 0: no day has this shade
  };

  std::array<std::uint64_t, levels - 1> borders_{};  ///< the most of each shade but the darkest
  std::array<Span, levels> spans_{};
};

/// For who sees no colours.
char sign_of_level(int level);

/// The text in a shade, or as it is for none; the colours are reset behind it. Letters and ground are both given, so
/// that it can be read on a dark screen and on a light one.
std::string shaded(std::string_view text, int level);

}  // namespace md2
