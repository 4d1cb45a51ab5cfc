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

TEST_CASE("a hash behind a letter or a digit names a language, a key or a house, and is no tag") {
  CHECK(tags_of("C# F#语言 C#入门 Ｆ＃语言 é#x e\u0301#x Ж#я 3#楼 a_#b page#frag") == Tags{});
  CHECK(tags_of("写完了#日记 한국#태그 かな#タグ 😀#x 》#书 )#y :#z") ==
        Tags{"#日记", "#태그", "#タグ", "#x", "#书", "#y", "#z"});
}

TEST_CASE("a character of HTML is no tag") {
  CHECK(tags_of("it&#39;s &#x27; &＃39;") == Tags{});
  CHECK(tags_of("a & #b") == Tags{"#b"});
}

TEST_CASE("what stands in an address is no tag") {
  for (const std::string address :
       {"https://example.com/#frag", "https://example.com/a.html?b=c&d=(e)/#frag", "http://[::1]:80/#x",
        "https://matrix.to/#/#room", "example.com/#frag", "www.example.com/a/#b",
        "https://zh.wikipedia.org/wiki/日记/#史", "https://zh.wikipedia.org/wiki/日记#历史", "https://example.com/-#x",
        "file:///tmp/#x", "git+ssh://host/~#x"}) {
    CAPTURE(address);
    CHECK(tags_of(address) == Tags{});
    CHECK(tags_of("看" + address + " #日记") == Tags{"#日记"});
    CHECK(tags_of("(" + address + ") #日记") == Tags{"#日记"});
  }
}

TEST_CASE("an address ends where its reader sees its end") {
  CHECK(tags_of("https://example.com/，#a") == Tags{"#a"});
  CHECK(tags_of("(https://example.com/)#b") == Tags{"#b"});
  CHECK(tags_of("<https://example.com/>#c") == Tags{"#c"});
  CHECK(tags_of("https://example.com看完了#日记") == Tags{"#日记"});
  CHECK(tags_of("https://example.com/\n#d") == Tags{"#d"});
  CHECK(tags_of("工作/#生活 ./#e a/#f") == Tags{"#生活", "#e", "#f"});
}

TEST_CASE("a hash that is a part of another character is no tag") {
  CHECK(tags_of("#\ufe0f\u20e3 #\u20e3x #\u0301x #\u200dx") == Tags{});
}

TEST_CASE("an emoji is a name, its skin tone and what it is joined of included") {
  CHECK(tags_of("#👍🏽 #👨‍👩‍👧，#❤\ufe0f") == Tags{"#👍🏽", "#👨‍👩‍👧", "#❤\ufe0f"});
}

TEST_CASE("a text of nothing but hashes and addresses takes a time that its length bounds") {
  std::string text = "https://example.com";
  while (text.size() < 1'000'000) text += "/#-(";
  CHECK(find_tag(text, 0) == std::nullopt);
}

TEST_CASE("a broken byte ends a tag") {
  CHECK(tags_of("#a\xff"
                "b #\xe4\xb8") == Tags{"#a"});
}

TEST_CASE("a search for tags from the middle of one does not find its end") {
  CHECK(find_tag("＃日记", 1) == std::nullopt);
  CHECK(find_tag("#a #b", 1) == TextRange{3, 5});
}
