#include "server/diary/required_literals.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace md2;

TEST_CASE("every item that matches holds each required literal, the longest word first") {
  const auto required = [](const std::string& text) {
    std::vector<std::string> bytes;
    for (const Alternatives& all : required_literals(Query::parse(text, {2024, 3, 1}))) {
      std::string& any = bytes.emplace_back();
      for (const Literal& literal : all) any.append(any.empty() ? "" : "|").append(literal.bytes());
    }
    return bytes;
  };
  using Bytes = std::vector<std::string>;
  CHECK(required("2015 x 会议纪要") == Bytes{"会议纪要", "x", "[2015-"});
  CHECK(required("2015-10") == Bytes{"[2015-10-"});
  CHECK(required("2015-10-28") == Bytes{"[2015-10-28"});
  CHECK(required("2015-10-01..2015-10-07") == Bytes{"[2015-10-0"});
  CHECK(required("10-28") == Bytes{"-10-28 "});
  CHECK(required("-10").empty());
  CHECK(required("\"a\n[b\" x") == Bytes{"x"});
  CHECK(required("2015.. ..2015-03 x") == Bytes{"x", "[2015-0"});
  CHECK(required("on-this-day:2023-02-28") == Bytes{"-02-28 |-02-29 "});
  CHECK(required("abc|de 会议纪要 2015|word") == Bytes{"会议纪要", "abc|de", "word|[2015-"});
  CHECK(required("a|\"a\nb\" -x -2015-10").empty());
}
