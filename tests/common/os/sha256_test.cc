#include "common/os/sha256.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace md2;

TEST_CASE("a digest is that of FIPS 180-2, appendix B.1") {
  const Sha256 digest = sha256("abc", "cannot test");
  constexpr unsigned char begin[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
  CHECK(std::equal(std::begin(begin), std::end(begin), digest.begin()));
  CHECK(digest.back() == 0xad);
  CHECK(sha256("", "cannot test") != digest);
}
