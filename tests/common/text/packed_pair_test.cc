#include "common/text/packed_pair.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace md2;

namespace {

char lower_letter(char c) {
  return static_cast<char>(c | 0x20);
}

bool stands_at(const PackedPair& pair, const std::string& text, std::size_t at) {
  const char first = text[at + pair.first];
  const char second = text[at + pair.second];
  if (!pair.ignore_case) return first == pair.first_byte && second == pair.second_byte;
  return lower_letter(first) == lower_letter(pair.first_byte) && lower_letter(second) == lower_letter(pair.second_byte);
}

std::size_t find_one_by_one(const PackedPair& pair, const std::string& text, std::size_t at, std::size_t end) {
  while (at < end && !stands_at(pair, text, at)) ++at;
  return at;
}

}  // namespace

TEST_CASE("a pair of bytes is found at the first place it stands, on every processor") {
  std::mt19937 random(1);
  constexpr char bytes[] = "aAbB\x8c\x82\xa0";
  for (int round = 0; round < 50'000; ++round) {
    const std::size_t length = 1 + random() % 6;
    PackedPair pair{random() % length, random() % length, bytes[random() % 7], bytes[random() % 7], random() % 2 == 0};
    // Few places are right, so that each way of looking at several of them comes to its end in each way.
    std::string text(length + random() % 400, '.');
    for (std::size_t more = random() % 8; more > 0; --more) text[random() % text.size()] = bytes[random() % 7];
    text.shrink_to_fit();
    const std::size_t end = text.size() - length + 1;
    const std::size_t from = random() % (end + 1);
    CAPTURE(text);
    CAPTURE(from);
    const std::size_t right = find_one_by_one(pair, text, from, end);
    REQUIRE(pair.find(text, from, end) == right);
    REQUIRE(pair.find_narrow(text, from, end) == right);
  }
}

TEST_CASE("behind the end of the places there is nothing to find") {
  const PackedPair pair{0, 1, 'a', 'b'};
  const std::string text = "abab";
  CHECK(pair.find(text, 0, 3) == 0);
  CHECK(pair.find(text, 1, 3) == 2);
  CHECK(pair.find(text, 1, 2) == 2);
  CHECK(pair.find(text, 3, 3) == 3);
}
