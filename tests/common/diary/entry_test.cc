#include "common/diary/entry.h"

#include <doctest/doctest.h>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

const Timestamp some_time = *parse_timestamp("2015-10-28 21:26:03.417293+08:00");

std::string encoded(const std::string& text) {
  return encode({some_time, text});
}

}  // namespace

TEST_CASE("an entry stands in the diary as header, text and an empty line") {
  CHECK(encoded("今天开始写日记\n第二行") == some_header + "今天开始写日记\n第二行\n\n");
}

TEST_CASE("a further line that could be taken for a header or an end gets a space") {
  CHECK(encoded("a\n[b") == some_header + "a\n [b\n\n");
  CHECK(encoded("a\n  [b") == some_header + "a\n   [b\n\n");
  CHECK(encoded("a\n\nb") == some_header + "a\n \nb\n\n");
  CHECK(encoded("a\n \nb") == some_header + "a\n  \nb\n\n");
  CHECK(encoded("a\n b[") == some_header + "a\n b[\n\n");
  CHECK(encoded("a\n\t[b") == some_header + "a\n\t[b\n\n");
  CHECK(encoded("[a") == some_header + "[a\n\n");
  CHECK(encoded("  a") == some_header + "  a\n\n");
}

TEST_CASE("what was encoded is decoded to the same entry") {
  for (const char* text : {"a", "[a", " a", "  [a", "a\n[b", "a\n [b\n  [c", "a\n\nb", "a\n \n  \nb", "a\n\t\nb",
                           "今天\n[2015-10-28 21:26:03.417293+08:00] 不是头\n\n完"}) {
    CAPTURE(text);
    const Entry entry{some_time, text};
    const auto back = decode(encode(entry));
    REQUIRE(back);
    CHECK(*back == entry);
  }
}

TEST_CASE("what encode would not have given is not decoded, and the reason is told") {
  const auto reason = [](const std::string& bytes) {
    std::string why;
    CHECK_FALSE(decode(bytes, &why));
    return why;
  };
  CHECK(reason("") == "the entry has no header [YYYY-MM-DD HH:MM:SS.ffffff+HH:MM]");
  CHECK(reason("hello\n\n") == "the entry has no header [YYYY-MM-DD HH:MM:SS.ffffff+HH:MM]");
  CHECK(reason("[2015-10-28 21:26:03.417293+08:00]a\n\n") ==
        "the entry has no header [YYYY-MM-DD HH:MM:SS.ffffff+HH:MM]");
  CHECK(reason(some_header + "a") == "the entry does not end in an empty line");
  CHECK(reason(some_header + "a\n") == "the entry does not end in an empty line");
  CHECK(reason(some_header + "\n\n") == "the entry is empty");
  CHECK(reason(some_header + " \n\n") == "the entry is empty");
  CHECK(reason(some_header + "a\n\n\n") == "the entry begins with a blank line or ends in white space");
  CHECK(reason(some_header + "a \n\n") == "the entry begins with a blank line or ends in white space");
  CHECK(reason(some_header + "a\n\nb\n\n") == "a line inside the entry begins with '[' or is empty");
  CHECK(reason(some_header + "a\n[b\n\n") == "a line inside the entry begins with '[' or is empty");
  CHECK(reason(some_header + "a\n\n" + some_header + "b\n\n") == "a line inside the entry begins with '[' or is empty");
  CHECK(reason(some_header + "a\x1b\n\n") == "line 1 holds the control character U+001B");
  CHECK(reason(some_header + "a\n\xff\n\n") == "line 2 is not valid UTF-8");
  CHECK(reason(some_header + std::string(max_text + 1, 'a') + "\n\n").find("1 more than the 1 MiB") !=
        std::string::npos);
}

TEST_CASE("an entry cut at any byte is not decoded") {
  const std::string whole = encoded("今天\n[写\n\n日记");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode(whole.substr(0, size)));
  }
  CHECK(decode(whole));
}

TEST_CASE("1 MiB is the most that an entry may have, to the byte") {
  CHECK(entry_error(std::string(max_text, 'a')) == "");
  CHECK(entry_error(std::string(max_text + 1, 'a')) ==
        "the entry has 1048577 bytes, 1 more than the 1 MiB that one entry may have");
}

TEST_CASE("no text that may be kept becomes longer than max_encoded") {
  std::string empty_lines(max_text, '\n');
  empty_lines.front() = empty_lines.back() = 'a';
  std::string brackets;
  while (brackets.size() + 2 <= max_text) brackets += "[\n";
  brackets.back() = '[';
  for (const std::string& text : {empty_lines, brackets, std::string(max_text, 'a')}) {
    CAPTURE(text.substr(0, 4));
    const Entry entry{some_time, text};
    REQUIRE(entry_error(text) == "");
    const std::string bytes = encode(entry);
    CHECK(bytes.size() <= max_encoded);
    CHECK((decode(bytes) == entry));
  }
}

TEST_CASE("only a timestamp in brackets and one space is a header") {
  CHECK(parse_header(some_header) == some_time);
  CHECK(parse_header(some_header + "text") == some_time);
  CHECK_FALSE(parse_header(some_header.substr(0, some_header.size() - 1)));
  CHECK_FALSE(parse_header(" " + some_header));
  CHECK_FALSE(parse_header("[今天] "));
  CHECK_FALSE(parse_header(""));
}

TEST_CASE("what an editor left is shown without a check") {
  CHECK(unescaped("a\n [b\n[c\n \n x") == "a\n[b\n[c\n\n x");
  CHECK(unescaped("") == "");
}

TEST_CASE("a header that is cut off anywhere begins one, and a whole one does not") {
  for (std::size_t length = 0; length < some_header.size(); ++length) {
    CAPTURE(length);
    CHECK(begins_header(some_header.substr(0, length)));
    if (length > 0) CHECK_FALSE(begins_header(some_header.substr(0, length - 1) + "x"));
  }
  CHECK_FALSE(begins_header(some_header));
  CHECK_FALSE(begins_header(some_header + "x"));
}

TEST_CASE("a header with one or two bytes changed is none, or another one that would be written so") {
  const std::string bytes = "0123456789[]-+,:. x\n";
  for (std::size_t i = 0; i < some_header.size(); ++i) {
    for (std::size_t j = i; j < some_header.size(); ++j) {
      for (const char a : bytes) {
        for (const char b : bytes) {
          std::string line = some_header;
          line[i] = a;
          line[j] = b;
          CAPTURE(line);
          const auto time = parse_header(line);
          REQUIRE((!time || "[" + to_string(*time) + "] " == line));
        }
      }
    }
  }
}
