#include "common/character.h"

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
