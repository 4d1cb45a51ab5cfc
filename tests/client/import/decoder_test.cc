#include "client/import/decoder.h"

#include <doctest/doctest.h>

#include "common/os/error.h"
#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

/// By pieces of that size.
std::string decoded(const std::string& encoding, std::string_view bytes, std::size_t size) {
  Decoder decoder(encoding);
  std::string text;
  for (; bytes.size() > size; bytes.remove_prefix(size)) text += decoder.decode(bytes.substr(0, size), false);
  return text + decoder.decode(bytes, true);
}

const std::string gbk = "2019\xc4\xea\x33\xd4\xc2\x35\xc8\xd5 \xc7\xe7\n";  // 2019年3月5日 晴
const std::string utf16("\x2d\x4e\n\0\x3d\xd8\x00\xde", 8);                 // 中, a newline, U+1F600

}  // namespace

TEST_CASE("another encoding becomes UTF-8, whatever the pieces") {
  for (std::size_t size = 1; size < 20; ++size) {
    CAPTURE(size);
    CHECK(decoded("GB18030", gbk, size) == "2019年3月5日 晴\n");
    CHECK(decoded("UTF-16LE", utf16, size) == "中\n\U0001f600");
    CHECK(decoded("UTF-16", "\xff\xfe" + utf16, size) == "中\n\U0001f600");
  }
}

TEST_CASE("bytes that are not of the encoding, an end inside a character and an encoding that there is not are told") {
  CHECK_THROWS_AS(decoded("GB18030", "\xff\xff", 10), Error);
  CHECK_THROWS_AS(decoded("UTF-16LE", utf16.substr(0, 7), 10), Error);
  CHECK_THROWS_WITH(Decoder("NONE"),
                    "--encoding=NONE: this system knows no such encoding; iconv -l names those it knows");
}

TEST_CASE("a mark names its encoding") {
  CHECK(encoding_by_mark("\xff\xfe" + utf16) == "UTF-16");
  CHECK(encoding_by_mark("\xfe\xff\x4e\x2d") == "UTF-16");
  CHECK(encoding_by_mark("\x84\x31\x95\x33" + gbk) == "GB18030");
  CHECK(encoding_by_mark("\xef\xbb\xbf中").empty());
  CHECK(encoding_by_mark(gbk).empty());
}

TEST_CASE("an encoding is guessed for Chinese text and for text with zeros, and for no other") {
  CHECK(guessed_encoding(gbk) == "GB18030");
  CHECK(guessed_encoding(gbk.substr(0, 5)) == "");  // cut inside the only character
  CHECK(guessed_encoding(utf16) == "UTF-16LE");
  CHECK(guessed_encoding(std::string_view("\x4e\x2d\0\n", 4)) == "UTF-16BE");
  CHECK(guessed_encoding("caf\xe9 au lait") == "");
}
