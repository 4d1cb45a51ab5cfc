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

TEST_CASE("columns are those of Unicode, of what is not assigned yet those that are kept for it") {
  for (const char32_t code : {U'\u33ff', U'\ua000', U'\u3041', U'\u4dbf', U'\u9fff', U'\U00020000', U'\U0001f680',
                              U'\U0001faff', U'\U0003134f', U'\u231a'}) {
    CAPTURE(static_cast<unsigned>(code));
    CHECK(is_wide(code));
  }
  for (const char32_t code : {U'\u303f', U'\uff61', U'\u2764', U'\u0915', U'\u093f', U'\U0010ffff', U'\0'}) {
    CAPTURE(static_cast<unsigned>(code));
    CHECK_FALSE(is_wide(code));
    CHECK(width_of(code) == 1);
  }
  for (const char32_t code : {U'\u0301', U'\u302a', U'\u200d', U'\ufe0f', U'\u1161', U'\u11a8', U'\u200b'}) {
    CAPTURE(static_cast<unsigned>(code));
    CHECK(width_of(code) == 0);
  }
}

TEST_CASE("capitals, small letters, marks and blanks are Unicode's") {
  for (const char32_t code : U"AZÉЖΩＡǅ") CHECK(is_capital(code) == (code != 0));
  for (const char32_t code : U"azéжωａß") CHECK(is_small(code) == (code != 0));
  for (const char32_t code : U"1_一あ한א") CHECK_FALSE((is_capital(code) || is_small(code)));
  for (const char32_t code : {U'\u0301', U'\ufe0f', U'\u20e3', U'\u093f'}) CHECK(is_mark(code));
  for (const char32_t code : {U'a', U'一', U'\u200d', U'\U0001f3fd'}) CHECK_FALSE(is_mark(code));
  for (const char32_t code : {U' ', U'\t', U'\u00a0', U'\u3000', U'\u2009', U'\u2028', U'\ufeff'})
    CHECK(is_space(code));
  for (const char32_t code : {U'a', U'\u200d', U'\u2800', U'\0'}) CHECK_FALSE(is_space(code));
}

TEST_CASE("the character before a place is found, and of what is broken the byte") {
  const std::string text = "a\u00e9一😀\xff\xe4\xb8";
  const std::size_t begins[] = {0, 1, 3, 6, 10, 11, 12};
  const std::size_t ends[] = {1, 3, 6, 10, 11, 12, 13};
  for (std::size_t i = 0; i < std::size(ends); ++i) CHECK(character_before(text, ends[i]) == begins[i]);
}

TEST_CASE("a character is appended as it is decoded") {
  for (const char32_t code : {U'a', U'\u00e9', U'一', U'\U0001f600'}) {
    std::string text;
    append_character(text, code);
    CHECK(character_at(text, 0).code == code);
    CHECK(character_at(text, 0).length == text.size());
  }
}
