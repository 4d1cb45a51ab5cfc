#include "common/text/tag.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace md2;

namespace {

std::vector<std::string> tags_of(const std::string& text) {
  std::vector<std::string> tags;
  for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
    tags.push_back(text.substr(tag->begin, tag->end - tag->begin));
  }
  return tags;
}

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("a tag ends at white space and at punctuation, Chinese punctuation included") {
  CHECK(tags_of("#a #b\n#c\t#d.#e,#f") == Tags{"#a", "#b", "#c", "#d", "#e", "#f"});
  CHECK(tags_of("#读书，#电影。#旅行！#家　#end") == Tags{"#读书", "#电影", "#旅行", "#家", "#end"});
}

TEST_CASE("a tag needs no space before it, as Chinese is written") {
  CHECK(tags_of("写完了#日记") == Tags{"#日记"});
  CHECK(tags_of("写完了＃日记") == Tags{"＃日记"});
}

TEST_CASE("an underscore belongs to a name, a hyphen only inside it") {
  CHECK(tags_of("#to-do #a_b #x- #-y #c--d #_z") == Tags{"#to-do", "#a_b", "#x", "#c", "#_z"});
}

TEST_CASE("a hash without a name is no tag") {
  CHECK(tags_of("# ## #, C# #") == Tags{});
  CHECK(tags_of("##x") == Tags{"#x"});
}

TEST_CASE("a broken byte ends a tag") {
  CHECK(tags_of("#a\xff"
                "b #\xe4\xb8") == Tags{"#a"});
}

TEST_CASE("a search for tags from the middle of one does not find its end") {
  CHECK(find_tag("＃日记", 1) == std::nullopt);
  CHECK(find_tag("#a #b", 1) == TextRange{3, 5});
}
