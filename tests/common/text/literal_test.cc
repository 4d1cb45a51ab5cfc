#include "common/text/literal.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "common/text/character.h"
#include "tests/support/repeated.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

}  // namespace

TEST_CASE("a literal is found where string::find finds it, with and without case") {
  std::mt19937 random(1);
  const std::string pieces[] = {"a", "A", "b", "Z", "z", "@", "`", "[", "{", "会", "议", "\n", std::string(1, '\0'),
                                " ", "é"};
  const auto make = [&](std::size_t count) {
    std::string text;
    for (; count > 0; --count) text += pieces[random() % std::size(pieces)];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = make(random() % 200);
    const std::string word = make(1 + random() % (round % 10 == 0 ? 40 : 3));
    if (word.empty()) continue;
    const std::size_t from = random() % (text.size() + 2);
    CAPTURE(text);
    CAPTURE(word);
    CAPTURE(from);
    const auto exact = Literal(word).find(text, from);
    REQUIRE((exact ? exact->begin : text.npos) == text.find(word, from));
    const auto folded = Literal(lower(word), true).find(text, from);
    REQUIRE((folded ? folded->begin : text.npos) == lower(text).find(lower(word), from));
  }
}

TEST_CASE("a literal is found at every place of texts of every length, and nothing beyond their end is read") {
  for (const std::string word : {"x", "会", "会议", "a long word of more than sixteen bytes"}) {
    for (std::size_t size = word.size(); size < 200; ++size) {
      for (std::size_t at = 0; at + word.size() <= size; ++at) {
        std::string text(size, '.');
        text.replace(at, word.size(), word);
        text.shrink_to_fit();
        CAPTURE(size);
        CAPTURE(at);
        REQUIRE(Literal(word).find(text, 0) == TextRange{at, at + word.size()});
        REQUIRE(Literal(word, true).find(text, at) == TextRange{at, at + word.size()});
        REQUIRE(Literal(word).find(text, at + 1) == std::nullopt);
        REQUIRE(Literal(word).find(std::string(text, 0, at + word.size() - 1), 0) == std::nullopt);
      }
    }
  }
}

TEST_CASE("a word that is nearly there, at every place, is looked for in a time that the text's length bounds") {
  const std::string half = repeated("xq", 1000);
  const std::string word = half + "w" + std::string(half.rbegin(), half.rend());
  for (const bool ignore_case : {false, true}) {
    CAPTURE(ignore_case);
    const Literal literal(word, ignore_case);
    std::string text = repeated("xq", 200'000);
    std::size_t wasted = 0;
    CHECK(literal.find(text, 0, &wasted) == std::nullopt);
    CHECK(wasted < text.size() * 10);
    // It stands there once, in the middle of what is like it.
    const std::size_t place = 301'000;
    text.insert(place, ignore_case ? "XQ" + word.substr(2) : word);
    wasted = 0;
    CHECK(literal.find(text, 0, &wasted) == TextRange{place, place + word.size()});
    CHECK(wasted < text.size() * 10);
    CHECK(literal.find(text, place + 1, &wasted) == std::nullopt);
  }
}

TEST_CASE("where a literal is nearly there too often, it is found as everywhere else") {
  std::mt19937 random(2);
  for (int round = 0; round < 60; ++round) {
    std::string text;
    while (text.size() < 20'000) text += random() % 25 == 0 ? "b" : "a";
    const std::string word = text.substr(random() % (text.size() - 400), 50 + random() % 300);
    const std::string edited = word.substr(0, word.size() - 1) + (word.back() == 'a' ? 'b' : 'a');
    for (const std::string& sought : {word, edited}) {
      CAPTURE(sought);
      const auto found = Literal(sought).find(text, 0);
      REQUIRE((found ? found->begin : text.npos) == text.find(sought));
    }
  }
}

TEST_CASE("a tag is found only as a whole, its hash included") {
  const Literal tag("日记", false, true);
  CHECK(tag.find("日记 #日记本 ＃日记，#日记", 0) == TextRange{18, 27});
  CHECK(tag.find("日记 #日记本 ＃日记，#日记", 22) == TextRange{30, 37});
  CHECK(tag.find("日记 #日记本", 0) == std::nullopt);
}

TEST_CASE("a word is found however its letters are composed, and only as a whole character") {
  for (const std::string word : {"caf\u00e9", "cafe\u0301"}) {
    CAPTURE(word);
    CHECK(Literal(word).find("ein caf\u00e9!", 0) == TextRange{4, 9});
    CHECK(Literal(word).find("ein cafe\u0301!", 0) == TextRange{4, 10});
    CHECK(Literal(word).find("cafe", 0) == std::nullopt);
    CHECK(Literal(word, true).find("CAFE\u0301", 0) == TextRange{0, 6});
    CHECK(Literal(word).find("CAFÉ", 0) == std::nullopt);
  }
  CHECK(Literal("cafe").find("caf\u00e9 cafe\u0301 cafe", 0) == TextRange{13, 17});
  CHECK(Literal("か").find("か\u3099か", 0) == TextRange{6, 9});
  CHECK(Literal("한국").find("\u1112\u1161\u11ab\u1100\u116e\u11a8", 0) == TextRange{0, 18});
  CHECK(Literal("x").find("x\u0301", 0) == TextRange{0, 1});  // there is no such character in one
}

TEST_CASE("letters that are not ASCII lose their case, all of it") {
  CHECK(Literal("straße", true).find("die STRASSE", 0) == TextRange{4, 11});
  CHECK(Literal("москва", true).find("в Москва", 0) == TextRange{3, 15});
  CHECK(Literal("Москва").find("МОСКВА Москва", 0) == TextRange{13, 25});
}

TEST_CASE("full width in a word is half width as well") {
  CHECK(Literal("ＴＯＤＡＹ").find("is TODAY", 0) == TextRange{3, 8});
  CHECK(Literal("ＴＯＤＡＹ").find("is ＴＯＤＡＹ", 0) == TextRange{3, 18});
  CHECK(Literal("你好，世界").find("你好，世界", 0) == TextRange{0, 15});
  CHECK(Literal("你好，世界").find("你好,世界", 0) == TextRange{0, 13});
  CHECK(Literal("today", true).find("ＴＯＤＡＹ", 0) == std::nullopt);
}

TEST_CASE("folded or not, a word is found in the same places as in the folded text") {
  std::mt19937 random(3);
  const std::string pieces[] = {"e",      "\u0301", "é", "E", "É",  "会", "\u304b",
                                "\u3099", "\u304c", "ß", "s", "Ａ", "\n", "\xff"};
  const auto make = [&](std::size_t count) {
    std::string text;
    for (; count > 0; --count) text += pieces[random() % std::size(pieces)];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = make(random() % 40);
    const std::string word = make(1 + random() % 3);
    if (word.find('\xff') != word.npos || is_mark(character_at(word, 0).code)) continue;
    const bool ignore_case = round % 2 == 0 && word.find('E') == word.npos && word.find("É") == word.npos;
    CAPTURE(text);
    CAPTURE(word);
    CAPTURE(ignore_case);
    const bool wide = word.find("Ａ") != word.npos;
    const bool cased = folded(word, {}).find("é") != word.npos || word.find("ß") != word.npos;
    const Folding::Case letters = !ignore_case ? Folding::Case::exact
                                  : cased      ? Folding::Case::full
                                               : Folding::Case::ascii;
    const Folding folding{letters, wide};
    const bool there = folded(text, folding).find(folded(word, folding)) != text.npos;
    const auto found = Literal(word, ignore_case).find(text, 0);
    REQUIRE(found.has_value() == there);
    if (found)
      REQUIRE(folded(text.substr(found->begin, found->end - found->begin), folding).find(folded(word, folding)) !=
              text.npos);
    const auto part = Literal(word, ignore_case).fast_part();
    if (found && part) REQUIRE(part->find(text, 0).has_value());
  }
}

TEST_CASE("what a folded word is found by first goes the fast way") {
  CHECK(Literal("你好，世界").fast_part()->bytes() == "你好");
  CHECK(Literal("会议é").fast_part()->bytes() == "会议");
  CHECK(Literal("caf\u00e9").fast_part()->bytes() == "caf");
  CHECK_FALSE(Literal("caf\u00e9", true).fast_part().has_value());
  CHECK_FALSE(Literal("ＴＯＤＡＹ").fast_part().has_value());
  CHECK(Literal("word").fast_part()->bytes() == "word");
  CHECK_FALSE(Literal("two\nlines").fast_part().has_value());
}

TEST_CASE("a folded word that is nearly there everywhere is looked for in a time that the text's length bounds") {
  const std::string word = repeated("xé", 1000) + "w";
  const std::string text = repeated("xé", 200'000);
  std::size_t wasted = 0;
  CHECK(Literal(word, true).find(text, 0, &wasted) == std::nullopt);
  CHECK(wasted < text.size() * 10);
}

TEST_CASE("the empty literal finds nothing") {
  CHECK(Literal().find("text", 0) == std::nullopt);
}
