#include "client/page/page.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/entries.h"

namespace {

using namespace md2;
using namespace md2::test;

constexpr std::string_view header = "[2015-10-28 21:26:03.417293+08:00] ";

/// The page of a whole diary.
std::string page_of(std::string_view diary, PageStyle style = {}, const std::string& query = "") {
  CorrectedReader reader;
  reader.feed(diary);
  reader.finish();
  Page page(style, Query::parse(query, {2024, 3, 1}));
  std::string out;
  while (const auto item = reader.next()) page.add(out, *item);
  return out;
}

/// What stands below the heading for one entry with this text.
std::string body_of(const std::string& text, int columns) {
  const std::string out = page_of(std::string(header) + text + "\n\n", {columns, false});
  const std::string heading = "2015-10-28 Wed\n21:26  ";
  REQUIRE(out.starts_with(heading));
  return out.substr(heading.size());
}

/// An `x` and 40 of the pieces, in the order that `seed` gives, which goes on.
std::string random_text(const std::vector<std::string>& pieces, unsigned& seed) {
  std::string text = "x";
  for (int i = 0; i < 40; ++i) {
    seed = seed * 1664525 + 1013904223;
    text += pieces[(seed >> 16) % pieces.size()];
  }
  return text;
}

}  // namespace

TEST_CASE("a day has one heading and each entry its time as it was written") {
  CHECK(page_of("[2015-10-28 21:26:03.417293+08:00] 八荣八耻\n\n"
                "[2015-10-28 23:59:59.000000-11:00] 二\n第二行\n\n"
                "[2015-10-29 00:00:00.000000+08:00] three\n\n") ==
        "2015-10-28 Wed\n21:26  八荣八耻\n23:59  二\n       第二行\n2015-10-29 Thu\n00:00  three\n");
}

TEST_CASE("an escaped line is shown as it was written and a blank line stays blank") {
  CHECK(body_of("a\n \n [x]\n  b", 80) == "a\n\n       [x]\n         b\n");
}

TEST_CASE("loose lines stand as they are, also between the entries of a day") {
  CHECK(page_of("old\n\n[not a header]\n" + std::string(header) + "a\n\nb\n" + std::string(header) + "c\n\n") ==
        "old\n\n[not a header]\n2015-10-28 Wed\n21:26  a\nb\n21:26  c\n");
}

TEST_CASE("words are wrapped with a hanging indent") {
  CHECK(body_of("aaaa bbbb cccc dddd eeee", 21) == "aaaa bbbb cccc\n       dddd eeee\n");
  CHECK(body_of("aaaa bbbb  cccc   \n dddd eeee ffff", 20) ==
        "aaaa bbbb\n       cccc   \n        dddd eeee\n       ffff\n");
}

TEST_CASE("a word longer than a row begins one and is left whole to the terminal, which goes on with it") {
  const std::string address = "https://example.com/a/long/way?to=go#there";  // 42 columns
  CHECK(body_of(address, 20) == address + "\n");
  CHECK(body_of("看 " + address + " 了", 20) == "看\n       " + address + " 了\n");
  CHECK(body_of("see " + address + ". And then", 30) == "see\n       " + address + ". And then\n");
  CHECK(body_of("see " + address + ". And then on", 30) == "see\n       " + address + ". And then\n       on\n");
  // In a row of 20 behind 7, its last row ends in column 49 - 40 = 9.
  CHECK(body_of(address + " bb cc ddd e", 20) == address + " bb cc ddd\n       e\n");
  CHECK(body_of(address + "，四五六七", 20) == address + "，四五六七\n");
  CHECK(body_of(address + "，四五六七八", 20) == address + "，四五六七\n       八\n");
  CHECK(body_of(address + " " + address, 20) == address + "\n       " + address + "\n");
  CHECK(body_of("\ta" + address, 20) == "        a" + address + "\n");
  CHECK(body_of("é" + address + " b", 20) == "é" + address + " b\n");
}

TEST_CASE("what its reader takes for one character is in one row, and counts with what a terminal may take for it") {
  const std::string family = "👨‍👩‍👧", thumb = "👍🏽", flag = "🇨🇳", heart = "❤\ufe0f";
  // 13 columns.
  CHECK(body_of(family + family + family, 20) == family + family + "\n       " + family + "\n");
  CHECK(body_of(thumb + thumb + thumb + thumb, 20) == thumb + thumb + thumb + "\n       " + thumb + "\n");
  CHECK(body_of("x" + flag + flag + flag + flag + flag + flag + flag, 20) ==
        "x" + flag + flag + flag + flag + flag + flag + "\n       " + flag + "\n");
  CHECK(body_of(heart + heart + heart + heart + heart + heart + heart, 20) ==
        heart + heart + heart + heart + heart + heart + "\n       " + heart + "\n");
  CHECK(body_of("一二三四五六七e\u0301e\u0301", 20) == "一二三四五六\n       七e\u0301e\u0301\n");
  CHECK(body_of("一二三四五" + family, 20) == "一二三四五\n       " + family + "\n");
}

TEST_CASE("a mark that stands on a space or a tab is shown, also where the row ends there") {
  CHECK(body_of("aaaaaaaaaaaa \u0301bcdef", 20) == "aaaaaaaaaaaa\n        \u0301bcdef\n");
  CHECK(body_of("aaaaaaaaaaaa ﾞbcdef", 20).find("ﾞ") != std::string::npos);
  CHECK(body_of("a\t\u0301b", 30) == "a       \u0301b\n");
}

TEST_CASE("Chinese is wrapped between characters but no line begins with closing punctuation") {
  // 13 columns: six characters and a half.
  CHECK(body_of("一二三四五六七八九十", 20) == "一二三四五六\n       七八九十\n");
  CHECK(body_of("一二三四五六，七八九十", 20) == "一二三四五\n       六，七八九十\n");
  CHECK(body_of("一二三四五（六七八）九", 20) == "一二三四五\n       （六七八）九\n");
  CHECK(body_of("一二三word四五六七", 20) == "一二三word四\n       五六七\n");
}

TEST_CASE("whatever an entry holds, no row is wider but for one word, and nothing is lost but spaces at a break") {
  const std::vector<std::string> pieces = {"a", "bb",      " ",          "   ", "一",          "，",    "（",
                                           "é", "e\u0301", "\U0001f600", "\t",  "longer-word", " #标签"};
  unsigned seed = 1;
  for (int round = 0; round < 300; ++round) {
    const std::string text = random_text(pieces, seed);
    CAPTURE(text);
    const std::string wide = body_of(text + "x", 0);
    const int columns = 20 + round % 30;
    const std::string narrow = body_of(text + "x", columns);
    std::string joined;
    for (std::size_t begin = 0, end; begin < narrow.size(); begin = end + 1) {
      end = narrow.find('\n', begin);
      std::string_view line = std::string_view(narrow).substr(begin, end - begin);
      CAPTURE(line);
      if (begin > 0) {
        REQUIRE(line.starts_with("       "));
        line.remove_prefix(7);
      }
      std::size_t width = 0;
      for (std::size_t at = 0; at < line.size();) {
        const auto lead = static_cast<unsigned char>(line[at]);
        const bool combining = line.substr(at).starts_with("\u0301");
        width += lead < 0xe0 ? (combining ? 0 : 1) : 2;
        at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      }
      if (static_cast<int>(width) > columns - 7) {
        // Only a word that begins the row and is too long for it: with an indent and brackets before, a comma behind.
        std::size_t word = std::min(line.find_first_not_of(' '), line.size());
        std::size_t brackets = 0;
        for (; line.substr(word).starts_with("（"); word += 3) ++brackets;
        while (word < line.size() && line[word] != ' ' && static_cast<unsigned char>(line[word]) < 0xe0) ++word;
        for (; line.substr(word).starts_with("，"); word += 3) ++brackets;
        CHECK(static_cast<int>(word - brackets) > columns - 7);
      }
      joined += line;
    }
    const auto without_spaces = [](std::string s) {
      std::erase_if(s, [](char c) { return c == ' ' || c == '\n'; });
      return s;
    };
    CHECK(without_spaces(joined) == without_spaces(wide));
  }
}

TEST_CASE("a line of common characters breaks where it would break with a rare one behind it") {
  const std::vector<std::string> pieces = {"a",  "bb", " ",  "   ",         "一",    "二三",
                                           "，", "（", "。", "longer-word", "#标签", "ok."};
  const std::string rare = "\u0301";  // it takes no column
  unsigned seed = 1;
  for (int round = 0; round < 500; ++round) {
    const std::string text = random_text(pieces, seed) + 'x';
    const int columns = round % 60;
    CAPTURE(text);
    CAPTURE(columns);
    const PageStyle style{columns, true};
    std::string input(header);
    input.append(text).append(rare).append("\n\n");
    std::string with_rare = page_of(input, style);
    REQUIRE(with_rare.find(rare) != std::string::npos);
    with_rare.erase(with_rare.find(rare), rare.size());
    REQUIRE(page_of(std::string(header) + text + "\n\n", style) == with_rare);
  }
}

TEST_CASE("without a terminal lines stay whole, and in a narrow one the text stands below its time") {
  const std::string text = "aaaa bbbb cccc\n一二三四五六七八";
  CHECK(body_of(text, 0) == "aaaa bbbb cccc\n       一二三四五六七八\n");
  CHECK(page_of(std::string(header) + text + "\n\n", {10, false}) ==
        "2015-10-28 Wed\n21:26\naaaa bbbb\ncccc\n一二三四五\n六七八\n");
  CHECK(page_of(std::string(header) + "一a\n\n", {1, false}) == "2015-10-28 Wed\n21:26\n一\na\n");
}

TEST_CASE("what a terminal could obey is shown, never passed on") {
  CHECK(page_of(std::string_view("\033[31mred\x07\n\xff\n\xc2\x9b"
                                 "1m\n\0\n",
                                 19)) == "^[[31mred^G\n\uFFFD\n\\x9b1m\n^@\n");
  CHECK(body_of("\033]0;title\x07", 80) == "^[]0;title^G\n");
  CHECK(body_of("a\u202eb\u2028c", 80) == "a\\u202eb\\u2028c\n");
}

TEST_CASE("a tab reaches the next multiple of eight columns of the text") {
  CHECK(body_of("a\tb\t\tc", 80) == "a       b               c\n");
  CHECK(body_of("一\tb", 80) == "一      b\n");
}

TEST_CASE("with colour, days and tags stand out and every line ends without colour") {
  const std::string out = page_of(std::string(header) + "写完了#日记，ok\n\n", {80, true});
  CHECK(out == "\033[1m2015-10-28 Wed\033[22m\n21:26  写完了\033[36m#日记\033[39m，ok\n");
  CHECK(page_of(std::string(header) + "aaaa bbbb #ccccccccccccccccc\n\n", {20, true}) ==
        "\033[1m2015-10-28 Wed\033[22m\n21:26  aaaa bbbb\n       "
        "\033[36m#ccccccccccccccccc\033[39m\n");
}

TEST_CASE("with colour, what matched is highlighted, inside a tag and over the end of a line as well") {
  const std::string day = "\033[1m2015-10-28 Wed\033[22m\n21:26  ";
  CHECK(page_of(std::string(header) + "the Work is #work\n\n", {80, true}, "work") ==
        day + "the \033[7mWork\033[27m is \033[36m#\033[39m\033[36m\033[7mwork\033[27m\033[39m\n");
  CHECK(page_of(std::string(header) + "aaaa bbbb cccc\n\n", {20, true}, "\"bbbb cccc\"") ==
        day + "aaaa \033[7mbbbb\033[27m\n       \033[7mcccc\033[27m\n");
  CHECK(page_of(std::string(header) + "work\n\n", {80, false}, "work") == "2015-10-28 Wed\n21:26  work\n");
}

TEST_CASE("the heading above the diary is the one the session begins with") {
  CHECK(diary_heading == "*************** I'm diary history ***************\n");
}

TEST_CASE("a corrected entry stands where it was written, with its newest text and a pencil behind the hour") {
  const std::string diary = entry(0, "first") + correction(0, "first", "newest\nof two") + entry(1, "other");
  CHECK(page_of(diary) == "2015-10-28 Wed\n21:26✎ newest\n       of two\n21:26  other\n");
  CHECK(page_of(diary, {15, false}) == "2015-10-28 Wed\n21:26✎\nnewest\nof two\n21:26\nother\n");
}

TEST_CASE("a correction that stands by itself says what it is and of which entry") {
  const std::string diary = correction(0, "first", "newest #tag") + correction(0, "first", "");
  CHECK(page_of(diary) ==
        "2016-10-28 Fri\n21:26  ✎ 2015-10-28 21:26  newest #tag\n21:26  ✎ 2015-10-28 21:26 struck out\n");
  CHECK(page_of(correction(0, "first", "one\ntwo"), {15, false}) ==
        "2016-10-28 Fri\n21:26\n✎ 2015-10-28\n21:26  one\ntwo\n");
}
