#include "client/page/find_matches.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace md2;

TEST_CASE("all places that match are found, in order and merged where they overlap") {
  std::vector<TextRange> ranges;
  auto find = [&](const std::string& text, const std::string& line) {
    find_matches(Query::parse(text, {2024, 3, 1}), line, ranges);
    return ranges;
  };
  using Ranges = std::vector<TextRange>;
  CHECK(find("ab", "xABxab") == Ranges{{1, 3}, {4, 6}});
  CHECK(find("abc bcd", "abcd e bcd") == Ranges{{0, 4}, {7, 10}});
  CHECK(find("#t x", "#tt x #t") == Ranges{{4, 5}, {6, 8}});
  CHECK(find("2015 -3", "2015 -3").empty());
}
