#include "client/import/source.h"

#include <doctest/doctest.h>

#include "common/diary/entry.h"
#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

using Texts = std::vector<std::string>;

Texts lines_of(const std::string& text, std::size_t size) {
  Pieces pieces(text, size);
  SourceLines lines(pieces);
  Texts out;
  while (const auto line = lines.next()) {
    out.emplace_back(*line);
    CHECK(lines.number() == out.size());
  }
  return out;
}

}  // namespace

TEST_CASE("lines come without their ends, whatever system made them and by whatever pieces they come") {
  for (std::size_t size = 1; size < 5; ++size) {
    CAPTURE(size);
    CHECK(lines_of("", size).empty());
    CHECK(lines_of("一\n\n二", size) == Texts{"一", "", "二"});
    CHECK(lines_of("\xef\xbb\xbf一\r\n\r\n二\r\n", size) == Texts{"一", "", "二"});
    CHECK(lines_of("a\rb\n", size) == Texts{"a\rb"});
  }
}

TEST_CASE("a line of many megabytes is cut behind what an entry may have, and the next is whole") {
  const Texts lines =
      lines_of("first\n" + std::string(20 << 20, 'x') + "\nnext\n" + std::string(9 << 20, 'y'), 1 << 16);
  REQUIRE(lines.size() == 4);
  CHECK(lines[1].size() > max_encoded);
  CHECK(lines[1].size() < 2 * max_encoded + (1 << 17));
  CHECK(lines[2] == "next");
  CHECK(lines[3].size() > max_encoded);
}

TEST_CASE("a gathered text is its lines, and cut when it is more than an entry may have") {
  GatheredText text;
  CHECK(text.empty());
  text.add("");
  CHECK_FALSE(text.empty());
  text.add("一");
  CHECK(text.take() == "\n一");
  CHECK(text.empty());
  text.add(std::string(max_encoded, 'x'));
  CHECK_FALSE(text.is_cut());
  text.add("y");
  text.add("z");
  CHECK(text.is_cut());
  CHECK(text.take().size() == max_encoded + 1);
  CHECK_FALSE(text.is_cut());
}
