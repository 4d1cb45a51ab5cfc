#include "client/page/json.h"

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <nlohmann/json.hpp>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// With U+FFFD for each byte that belongs to no character.
std::string mended(const std::string& text) {
  std::string out;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code = 0;
    const auto left = static_cast<utf8proc_ssize_t>(text.size() - at);
    const utf8proc_ssize_t length = utf8proc_iterate(bytes + at, left, &code);
    length > 0 ? out.append(text, at, static_cast<std::size_t>(length)) : out.append("\uFFFD");
    at += length > 0 ? static_cast<std::size_t>(length) : 1;
  }
  return out;
}

std::string lines_of(std::string_view diary) {
  CorrectedReader reader;
  reader.feed(diary);
  reader.finish();
  std::string out;
  while (const auto item = reader.next()) append_json(out, *item);
  return out;
}

}  // namespace

TEST_CASE("an entry is an object with its time, its text and its tags") {
  CHECK(lines_of("[2015-10-28 21:26:03.417293+08:00] 今天 #日记 ＃to-do#日记\n 第二行 \"引\" \\\n\n") ==
        "{\"time\":\"2015-10-28T21:26:03.417293+08:00\","
        "\"text\":\"今天 #日记 ＃to-do#日记\\n 第二行 \\\"引\\\" \\\\\",\"tags\":[\"日记\",\"to-do\"]}\n");
}

TEST_CASE("a stored line comes as it was written, and a loose line has no time") {
  CHECK(lines_of("[2015-10-28 21:26:03.417293+08:00] a\n [b\n \n c\n\n").find("\"a\\n[b\\n\\n c\"") !=
        std::string::npos);
  CHECK(lines_of("从前\n\n  \n有#山\n") == "{\"text\":\"从前\",\"tags\":[]}\n{\"text\":\"有#山\",\"tags\":[\"山\"]}\n");
}

TEST_CASE("control characters are escaped, those that JSON would let through as well") {
  CHECK(json_string(std::string_view("\0\x01\b\t\n\r\x1b\x7f\xc2\x85\xc2\xa0", 12)) ==
        "\"\\u0000\\u0001\\b\\t\\n\\r\\u001b\\u007f\\u0085\xc2\xa0\"");
  CHECK(json_string("a\u202eb\u2028c") == "\"a\\u202eb\\u2028c\"");
}

TEST_CASE("what is not UTF-8 becomes U+FFFD, a real U+FFFD stays") {
  CHECK(json_string("a\xff\xe4\xbb b") == "\"a\uFFFD\uFFFD\uFFFD b\"");
  CHECK(json_string("\xed\xa0\x80\uFFFD") == "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  CHECK(json_string("\U0001f600") == "\"\U0001f600\"");
}

TEST_CASE("every sequence of bytes gives a string that reads back as itself, or as U+FFFD where it is broken") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      CAPTURE(first);
      CAPTURE(second);
      for (const std::string& frame : {std::string(), std::string("中")}) {
        std::string text = frame;
        text += static_cast<char>(first);
        text += static_cast<char>(second);
        text += frame;
        const std::string json = json_string(text);
        REQUIRE(mended(json) == json);
        REQUIRE(nlohmann::json::parse(json) == mended(text));
      }
    }
  }
}

TEST_CASE("a corrected entry says when it was corrected, and a correction by itself what it corrects") {
  CHECK(lines_of(entry(0, "first #a") + correction(0, "first #a", "newest #b")) ==
        "{\"time\":\"2015-10-28T21:26:03.417293+08:00\",\"corrected\":\"2016-10-28T21:26:03.417293+08:00\","
        "\"hash\":\"f5ed0aa7\",\"text\":\"newest #b\",\"tags\":[\"b\"]}\n");
  CHECK(lines_of(correction(0, "first", "newest")) ==
        "{\"time\":\"2016-10-28T21:26:03.417293+08:00\",\"corrects\":\"2015-10-28T21:26:03.417293+08:00\","
        "\"hash\":\"a7937b64\",\"text\":\"newest\",\"tags\":[]}\n");
  CHECK(lines_of(correction(0, "first", "")).find("\"text\":\"\",\"tags\":[]}") != std::string::npos);
}
