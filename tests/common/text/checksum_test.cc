#include "common/text/checksum.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using md2::Checksum;

namespace {

std::uint64_t sum_of(std::string_view bytes, std::size_t piece) {
  Checksum sum;
  for (std::size_t at = 0; at < bytes.size(); at += piece) sum.add(bytes.substr(at, piece));
  return sum.value();
}

}  // namespace

TEST_CASE("a checksum is of the bytes, whatever the pieces they come in") {
  const std::string bytes = "今天开始写日记，网络版\n\n";
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::string_view begin = std::string_view(bytes).substr(0, size);
    for (std::size_t piece = 1; piece <= size; ++piece) CHECK(sum_of(begin, piece) == sum_of(begin, bytes.size()));
  }
}

TEST_CASE("one other byte, one more and one less give another checksum") {
  const std::string bytes(33, 'a');
  const std::uint64_t sum = sum_of(bytes, bytes.size());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = 'b';
    CHECK(sum_of(other, other.size()) != sum);
  }
  CHECK(sum_of(bytes + 'a', 99) != sum);
  CHECK(sum_of(bytes + '\0', 99) != sum);
  CHECK(sum_of(bytes.substr(1), 99) != sum);
  CHECK(sum_of("", 1) == Checksum().value());
}
