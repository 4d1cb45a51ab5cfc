#include "client/commands/word_count.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

namespace {

/// `CHARACTERS WORDS`.
std::string count(std::string_view text) {
  WordCount words;
  words.add(text);
  return std::to_string(words.characters) + ' ' + std::to_string(words.words);
}

}  // namespace

TEST_CASE("Chinese counts by characters and other scripts by words, also without a space between them") {
  CHECK(count("") == "0 0");
  CHECK(count("今天写日记") == "5 0");
  CHECK(count("two words") == "0 2");
  CHECK(count("用vim写了3行，然后commit。") == "6 3");
  CHECK(count("第二行\n\tthird line\n") == "3 2");
}

TEST_CASE("apostrophes and hyphens inside a word do not part it; punctuation and emoji are nothing") {
  CHECK(count("don't re-read to_do it’s") == "0 4");
  CHECK(count("- -- 'quoted' ... !?") == "0 1");
  CHECK(count("👍 👨‍👩‍👧 ，。！") == "0 0");
  CHECK(count("café cafe\u0301 Straße") == "0 3");
  CHECK(count("3.14") == "0 2");
}

TEST_CASE("kana and rare ideographs are characters, Hangul is words") {
  CHECK(count("ひらがなカタカナ") == "8 0");
  CHECK(count("人々〇") == "3 0");
  CHECK(count("𠮷野家") == "3 0");
  CHECK(count("안녕하세요 세계") == "0 2");
}

TEST_CASE("bytes that are no UTF-8 are nothing and end a word") {
  CHECK(count("a\xff"
              "b \xe4\xbb") == "0 2");
}

TEST_CASE("texts are counted one after another") {
  WordCount words;
  words.add("今天 ok");
  words.add("ok 好");
  CHECK(words.characters == 3);
  CHECK(words.words == 2);
}
