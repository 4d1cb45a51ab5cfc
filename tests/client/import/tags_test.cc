#include "client/import/tags.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("a name becomes a tag that is one") {
  CHECK(tag_named("food") == "#food");
  CHECK(tag_named("Road trip") == "#Road_trip");
  CHECK(tag_named("工作/家") == "#工作_家");
  CHECK(tag_named("org-journal") == "#org-journal");
  CHECK(tag_named(" a, b! ") == "#a_b");
  CHECK(tag_named("!?").empty());
}

TEST_CASE("only tags that the text does not have are added, on a line of their own") {
  std::string text = "今天 #日记 \n\n";
  add_tags(text, {"日记", "旅行", "旅行", "a b", "!"});
  CHECK(text == "今天 #日记\n#旅行 #a_b");
  text = " x \n";
  add_tags(text, {});
  CHECK(text == " x \n");
  text.clear();
  add_tags(text, {"photo"});
  CHECK(text == "#photo");
}
