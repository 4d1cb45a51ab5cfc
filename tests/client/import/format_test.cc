#include "client/import/format.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/client/import/pieces.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string recognised(const std::string& head, bool whole = true) {
  const auto format = recognise(head, whole);
  if (!format) return "more";
  for (const FormatName& name : format_names()) {
    if (name.format == *format) return std::string(name.option);
  }
  return "unnamed";
}

}  // namespace

TEST_CASE("a format is recognised by its headers, and by its first line with a date") {
  CHECK(recognised(entry(1)) == "diary");
  CHECK(recognised("从前\n\n" + entry(1)) == "diary");
  CHECK(recognised("[2019-03-05 09:00] x\n") == "jrnl");
  CHECK(recognised("\xef\xbb\xbf\r\n[2019-03-05 09:00:00 AM] x\r\n") == "jrnl");
  CHECK(recognised("2019年3月5日 星期二 晴\n\n今天\n") == "dated");
  CHECK(recognised("日记\n\n2019-03-05\nx\n\n2019-03-06\ny\n") == "dated");
  CHECK(recognised("5 March 2019") == "dated");
  CHECK(recognised("* Tuesday, 03/05/19\n** 10:28 x\n") == "org");
  CHECK(recognised("#+TITLE: x\n* 2019\n** 2019-03 March\n*** 2019-03-05 Tuesday\n") == "org");
  CHECK(recognised("{\"time\":", false) == "json");
  CHECK(recognised("{\n  \"metadata\" : {\n") == "json");
  CHECK(recognised("\xef\xbb\xbf[\n  {\"text\": \"x\"}]") == "json");
}

TEST_CASE("a format is recognised by lines that end in CR LF as well") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2006-02-01\n甲\n", "dated"},       {"5 March 2005\nx\n", "dated"},        {"* 2005-02-01\n** 10:28 x\n", "org"},
      {"[2019-03-05 21:26]\nx\n", "jrnl"}, {"Title\n\n2019-03-05\nx\n", "dated"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.first);
    CHECK(recognised(one.first) == one.second);
    std::string crlf;
    for (const char c : one.first) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    CHECK(recognised(crlf) == one.second);
  }
}

TEST_CASE("what has no dates, or one in a sentence, is paragraphs") {
  for (const std::string text : {"", "\n\n", "八荣八耻\n\n今天下雨\n", "It was on\n2019-03-05 in the evening.\n", "{}",
                                 "[x] y\n", "{x}", "* a\n* b\n"}) {
    CAPTURE(text);
    CHECK(recognised(text) == "diary");
  }
}

TEST_CASE("an entry of md2's is recognised as soon as its header has come, anything else when enough has") {
  CHECK(recognised("", false) == "more");
  CHECK(recognised(entry(1).substr(0, 40), false) == "more");
  CHECK(recognised(entry(1), false) == "diary");
  CHECK(recognised("[2019-03-05 09:00] x\n", false) == "more");
}

TEST_CASE("paragraphs are whatever their lines look like when they are asked for") {
  BerlinOf2019 clock;
  const std::string text = entry(1, "x") + "2019-03-05\n\n";
  const auto read = [&](Source& source, const TakeItem& take) { read_items(Format::paragraphs, source, clock, take); };
  CHECK(items_by(read, text, 7) ==
        std::vector<std::string>{"- " + entry(1, "x").substr(0, entry(1, "x").size() - 2), "- 2019-03-05"});
}
