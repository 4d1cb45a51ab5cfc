#include "common/text/character.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

TEST_CASE("a character is decoded with its length and a broken byte stands alone") {
  const std::string text = "a\u00e9一😀\xff\xe4\xb8";
  const Character expected[] = {{'a', 1}, {0xe9, 2}, {0x4e00, 3}, {0x1f600, 4}, {0xfffd, 1}, {0xfffd, 1}, {0xfffd, 1}};
  std::size_t at = 0;
  for (const Character& want : expected) {
    CAPTURE(at);
    const Character c = character_at(text, at);
    CHECK(c.code == want.code);
    CHECK(c.length == want.length);
    at += c.length;
  }
  CHECK(at == text.size());
}

TEST_CASE("surrogates, overlong forms and code points beyond Unicode are broken") {
  for (const std::string text : {"\xed\xa0\x80", "\xc0\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    CAPTURE(text);
    CHECK(character_at(text, 0).code == 0xfffd);
    CHECK(character_at(text, 0).length == 1);
  }
}

TEST_CASE("what is decoded in place ends where the rest begins") {
  struct Case {
    std::string text;
    Character want;
  };
  const Character broken{0xfffd, 1};
  for (const Case& c : {Case{"\xdf\xbf", {0x7ff, 2}},
                        {"\xe0\x9f\xbf", broken},
                        {"\xe0\xa0\x80", {0x800, 3}},
                        {"\xe1\x80\x80", {0x1000, 3}},
                        {"\xed\x9f\xbf", {0xd7ff, 3}},
                        {"\xed\xa0\x80", broken},
                        {"\xee\x80\x80", {0xe000, 3}},
                        {"\xef\xbf\xbd", {0xfffd, 3}},
                        {"\xef\xbf\xbe", {0xfffe, 3}},
                        {"\xef\xbf\xbf", {0xffff, 3}},
                        {"\xf0\x90\x80\x80", {0x10000, 4}},
                        {"\xe1\x80", broken},
                        {"\xe1\x80\x41", broken},
                        {"\xef\x41\xbf", broken}}) {
    CAPTURE(c.text);
    const Character got = character_at(c.text, 0);
    CHECK(got.code == c.want.code);
    CHECK(got.length == c.want.length);
    CHECK(got.broken() == (c.want.length == 1));
  }
}

TEST_CASE("punctuation is that of ASCII and of Chinese, but no letter, digit or iteration mark") {
  for (const char32_t code : U".,:;!?()[]{}<>'\"/\\@#$%^&*+=~`|-_。，、；：？！（）「」《》【】…—“”·～￥") {
    CAPTURE(static_cast<unsigned>(code));
    CHECK(is_punctuation(code) == (code != 0));
  }
  for (const char32_t code : U"aZ09é一龥々〇あン한ａＺ０９😀") {
    CAPTURE(static_cast<unsigned>(code));
    CHECK_FALSE(is_punctuation(code));
  }
}

TEST_CASE("Chinese and full-width characters take two columns, whatever the locale") {
  for (const char32_t code : {U'一', U'，', U'。', U'　', U'Ａ', U'あ', U'한', U'😀'}) CHECK(width_of(code) == 2);
  for (const char32_t code : {U'a', U' ', U'é'}) CHECK(width_of(code) == 1);
}

TEST_CASE("a block of wide characters has its first and its last, and neither the one before nor the one behind") {
  constexpr char32_t blocks[][2] = {{0x3000, 0x3029}, {0x3041, 0x3096}, {0x309b, 0x30ff},
                                    {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3},
                                    {0xf900, 0xfaff}, {0xff01, 0xff60}, {0x20000, 0x3fffd}};
  for (const auto& block : blocks) {
    const char32_t first = block[0];  // no structured binding: CAPTURE is a lambda, and clang 14 takes none there
    const char32_t last = block[1];
    CAPTURE(static_cast<unsigned>(first));
    CHECK(is_wide(first));
    CHECK(is_wide(last));
    CHECK_FALSE(is_wide(first - 1));
    CHECK_FALSE(is_wide(last + 1));
  }
  CHECK_FALSE(is_wide(0));
  CHECK_FALSE(is_wide(0x10ffff));
}
