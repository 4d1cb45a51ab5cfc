#include "client/prompt/completion.h"

#include <doctest/doctest.h>

using namespace md2;

namespace {

using Words = std::vector<std::string>;

Words all_tags(std::string_view) {
  return {"#today", "#tomorrow", "#工作", "#工资", "#t\x1b[2J"};
}

Words complete(std::string_view before, std::string_view word) {
  return completions(before, word, all_tags);
}

}  // namespace

TEST_CASE("commands are completed where a line begins, and only there") {
  CHECK(complete("", "q") == Words{"quit"});
  CHECK(complete("", "") == Words{"hi", "r", "?", "quit"});
  CHECK(complete("say ", "q") == Words{});
  CHECK(complete(" ", "q") == Words{});
  CHECK(complete("", "quite") == Words{});
}

TEST_CASE("the names of days are completed in a question") {
  CHECK(complete("", "/to") == Words{"/today"});
  CHECK(complete("", "/昨") == Words{"/昨天"});
  CHECK(complete("/-3 ", "ye") == Words{"yesterday"});
  CHECK(complete("on ", "to") == Words{});
  CHECK(complete("", "/") == Words{});
}

TEST_CASE("tags are completed anywhere") {
  CHECK(complete("写", "#to") == Words{"#today", "#tomorrow"});
  CHECK(complete("/", "#工") == Words{"#工作", "#工资"});
  CHECK(complete("", "#") == Words{"#today", "#tomorrow", "#工作", "#工资"});
  CHECK(complete("", "#zzz") == Words{});
}

TEST_CASE("a tag with a full-width hash is completed with it") {
  CHECK(complete("今天", "写＃工") == Words{"写＃工作", "写＃工资"});
  CHECK(complete("", "＃today") == Words{"＃today"});
}

TEST_CASE("a tag that a terminal would obey is not offered") {
  CHECK(complete("", "#t") == Words{"#today", "#tomorrow"});
}

TEST_CASE("without tags a hash completes to nothing") {
  CHECK(completions("", "#t", {}) == Words{});
}
