#include "common/text/folding.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/support/repeated.h"

using namespace md2;
using namespace md2::test;

namespace {

using Case = Folding::Case;

std::string pieces_of(const std::string& text) {
  std::string out;
  for (FoldedText pieces(text, 0, {}); pieces.next();)
    out += text.substr(pieces.begin(), pieces.end() - pieces.begin()) + "|";
  return out;
}

}  // namespace

TEST_CASE("a text is compared composed, in whatever way it is spelled") {
  using Pair = std::pair<std::string, std::string>;
  for (const Pair& texts : {Pair{"cafe\u0301", "caf\u00e9"},
                            {"\u1112\u1161\u11ab", "한"},
                            {"\u304b\u3099", "\u304c"},
                            {"a\u0323\u0301", "a\u0301\u0323"},
                            {"\u212b", "\u00c5"},
                            {"\uf90a", "金"}}) {
    CAPTURE(texts.first);
    CHECK(folded(texts.first, {}) == folded(texts.second, {}));
  }
  CHECK(folded("cafe\u0301", {}) == "caf\u00e9");
  CHECK(folded("今天\xff好\xe4", {}) == "今天\xff好\xe4");
}

TEST_CASE("letters lose their case as far as is asked for") {
  CHECK(folded("AbÉß", {Case::exact, false}) == "AbÉß");
  CHECK(folded("AbÉß", {Case::ascii, false}) == "abÉß");
  CHECK(folded("AbÉßΣς", {Case::full, false}) == "abéssσσ");
}

TEST_CASE("full-width forms become those of ASCII where that is asked for") {
  CHECK(folded("ＴＯＤＡＹ，\u3000１", {Case::exact, true}) == "TODAY, 1");
  CHECK(folded("ＴＯＤＡＹ", {Case::ascii, true}) == "today");
  CHECK(folded("ＴＯＤＡＹ，", {Case::exact, false}) == "ＴＯＤＡＹ，");
  CHECK(narrowed("２０２６－１１..￥，今é") == "2026-11..￥,今é");
}

TEST_CASE("a piece is a character with its marks, or a broken byte") {
  CHECK(pieces_of("ae\u0301\u0323一\xff\u0301x") == "a|e\u0301\u0323|一|\xff|\u0301|x|");
  CHECK(pieces_of("").empty());
}

TEST_CASE("a text of marks alone is read in a time that its length bounds") {
  std::string text = "a";
  for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";
  CHECK(folded(text, {}).size() > 100'000);
}

TEST_CASE("what has other spellings is told from what is found by its bytes alone") {
  for (const char32_t code : {U'é', U'한', U'\u304c', U'\u0301', U'Ａ', U'，', U'\u1112'})
    CHECK(has_other_spellings(code));
  for (const char32_t code : {U'a', U'Z', U'一', U'々', U'か', U'。', U'ж', U'😀'})
    CHECK_FALSE(has_other_spellings(code));
}
