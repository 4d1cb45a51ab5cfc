#pragma once

#include <array>
#include <string_view>

namespace md2 {

/// FIPS 180-4.
using Sha256 = std::array<unsigned char, 32>;

/// Throws Error, which begins with `what`, when OpenSSL gives none.
Sha256 sha256(std::string_view bytes, std::string_view what);

}  // namespace md2
