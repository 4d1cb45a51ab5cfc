#include "client/prompt/line_layout.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace md2;

namespace {

constexpr std::string_view shown_prompt = "当下>>> ";  // 8 columns

using Rows = std::vector<std::string>;

Picture laid_out(std::string_view line, std::size_t cursor, Room room, std::string_view before = shown_prompt) {
  LineText text;
  text.prompt = before;
  text.line = line;
  text.cursor = cursor;
  std::size_t first = 0;
  return lay_out(text, room, first);
}

Rows texts(const Picture& picture) {
  Rows rows;
  for (const Row& row : picture.rows) rows.push_back(row.bytes);
  return rows;
}

Rows rows_of(std::string_view line, int columns, std::string_view before = shown_prompt) {
  return texts(laid_out(line, line.size(), {columns, 100}, before));
}

Place cursor_of(std::string_view line, std::size_t cursor, int columns) {
  return laid_out(line, cursor, {columns, 100}).cursor;
}

}  // namespace

TEST_CASE("a line stands behind its prompt and goes on in the next row, where the terminal wraps it") {
  CHECK(rows_of("abc", 20) == Rows{"当下>>> abc"});
  const Picture picture = laid_out("一二三四五六七", 0, {20, 100});
  CHECK(texts(picture) == Rows{"当下>>> 一二三四五六", "七"});
  CHECK(picture.rows[0].wraps);
  CHECK_FALSE(picture.rows[1].wraps);
  CHECK_FALSE(laid_out("一二三四五六七", 0, {20, 100, false}).rows[0].wraps);
}

TEST_CASE("a wide character that does not fit goes to the next row, and its cursor with it") {
  CHECK(rows_of("x一二三", 12) == Rows{"当下>>> x一", "二三"});
  CHECK(cursor_of("x一二三", 4, 12) == Place{1, 0});
  CHECK(cursor_of("xyz", 3, 12) == Place{0, 11});
}

TEST_CASE("behind a full row the cursor has a row of its own, before a newline as well") {
  CHECK(rows_of("abcd", 12) == Rows{"当下>>> abcd", ""});
  CHECK(cursor_of("abcd", 4, 12) == Place{1, 0});
  CHECK_FALSE(laid_out("abcd", 4, {12, 100}).rows[0].wraps);
  CHECK(rows_of("abcd\ne", 12) == Rows{"当下>>> abcd", "", "e"});
  CHECK(cursor_of("abcd\ne", 4, 12) == Place{1, 0});
  CHECK(cursor_of("abcd\ne", 5, 12) == Place{2, 0});
}

TEST_CASE("a tab is spaces up to the next multiple of eight, which go on in the next row") {
  CHECK(rows_of("a\tx", 80) == Rows{"当下>>> a       x"});
  CHECK(rows_of("\t\tx", 20) == Rows{"当下>>>             ", "    x"});
  CHECK(rows_of("abcd\tx", 12) == Rows{"当下>>> abcd", "        x"});
}

TEST_CASE("what a terminal would obey is shown, not sent") {
  CHECK(rows_of("\x01\x7f\x1b[31m", 80) == Rows{"当下>>> ^A^?^[[31m"});
  CHECK(rows_of("\xc2\x9b\xe2\x80\xae", 80) == Rows{"当下>>> \\x9b\\u202e"});
  CHECK(rows_of("\xff\xe4\xbd", 80) == Rows{"当下>>> \\377\\344\\275"});
  LineText text;
  text.line = "é";
  text.ascii_only = true;
  std::size_t first = 0;
  CHECK(texts(lay_out(text, {}, first)) == Rows{"\\303\\251"});
}

TEST_CASE("what is combined with a character stays with it, behind a full row as well") {
  CHECK(rows_of("e\u0301x", 80) == Rows{"当下>>> e\u0301x"});
  CHECK(rows_of("abce\u0301x", 12) == Rows{"当下>>> abce\u0301", "x"});
  CHECK(laid_out("e\u0301x", 0, {}).rows[0].columns == 10);
}

TEST_CASE("an emoji that is joined of several is one cell of the most columns that a terminal gives it") {
  const std::string family = "👨\u200d👩\u200d👧";
  const Picture picture = laid_out(family + "x", family.size(), {20, 100});
  REQUIRE(picture.rows[0].cells.size() == 8);  // six characters of the prompt
  CHECK(picture.rows[0].cells[6] == Cell{10, 6, 2, false});
  CHECK(picture.rows[0].uncertain);
  CHECK(picture.cursor == Place{0, 14});
  CHECK(cursor_of("a" + family, 1 + 7, 20) == Place{0, 9});
  CHECK(rows_of("ab" + family + "c", 15) == Rows{"当下>>> ab", family + "c"});
  // No terminal wraps this row by itself in the column that is taken for its last.
  CHECK_FALSE(laid_out(family + "abc", 0, {15, 100}).rows[0].wraps);
  CHECK_FALSE(laid_out("ab" + family, 0, {15, 100}).rows[0].wraps);  // two of the columns would do for some
  CHECK(laid_out("abcdef" + family, 0, {15, 100}).rows[0].wraps);
  CHECK(laid_out("abcdefgh", 0, {15, 100}).rows[0].wraps);
  for (const std::string& other :
       {std::string("❤\ufe0f"), std::string("⌚\ufe0e"), std::string("👍🏽"), std::string("1\ufe0f\u20e3"),
        std::string("\u0915\u093f"), std::string("一\u200d二")}) {
    CAPTURE(other);
    CHECK(laid_out(other, 0, {20, 100}).rows[0].cells.size() == 7);
    CHECK(laid_out(other, 0, {20, 100}).rows[0].uncertain);
  }
  for (const std::string& certain :
       {std::string("🇨🇳"), std::string("e\u0301"), std::string("😀"), std::string("\u1112\u1161")}) {
    CAPTURE(certain);
    CHECK_FALSE(laid_out(certain, 0, {20, 100}).rows[0].uncertain);
  }
}

TEST_CASE("a joiner that joins nothing does not reach the terminal, and what is wider than a row is parted at one") {
  CHECK(rows_of("\u200d一", 20) == Rows{"当下>>> 一"});
  CHECK(rows_of("👩\u200d", 20) == Rows{"当下>>> 👩"});
  CHECK(rows_of("\t\u200d一a\u200db", 30) == Rows{"当下>>>         一ab"});
  CHECK(rows_of("👩\u200d👩\u200d👩\u200d👩\u200d👩x", 5, "") == Rows{"👩\u200d👩\u200d", "👩\u200d👩\u200d", "👩x"});
  CHECK(laid_out("👩\u200d👩", 0, {1, 100}, "").rows.size() == 3);
}

TEST_CASE("what is hidden in the prompt takes no room and goes out where it stands") {
  const std::string coloured = "\001\x1b[1m\002当下>>> \001\x1b[0m\002";
  const Picture picture = laid_out("aaaab", 5, {12, 100}, coloured);
  CHECK(texts(picture) == Rows{"\x1b[1m当下>>> \x1b[0maaaa", "b"});
  CHECK(picture.rows[0].columns == 12);
}

TEST_CASE("of a line taller than the room, the rows around the cursor are shown, and stay as long as they can") {
  std::string line = "0";
  for (int i = 1; i < 10; ++i) line += "\n" + std::to_string(i);
  LineText text;
  text.line = line;
  text.cursor = line.size();
  std::size_t first = 0;
  CHECK(texts(lay_out(text, {80, 3}, first)) == Rows{"7", "8", "9"});
  text.cursor = line.size() - 4;  // in the row of 7
  CHECK(texts(lay_out(text, {80, 3}, first)) == Rows{"7", "8", "9"});
  text.cursor = 0;
  CHECK(texts(lay_out(text, {80, 3}, first)) == Rows{"0", "1", "2"});
  text.cursor = 6;
  const Picture picture = lay_out(text, {80, 3}, first);
  CHECK(texts(picture) == Rows{"1", "2", "3"});
  CHECK(picture.cursor == Place{2, 0});
  CHECK(first == 1);
}

TEST_CASE("in one row, marks show where the line goes on") {
  LineText text;
  text.prompt = "> ";
  std::size_t first = 0;
  const auto shown = [&](std::string_view line, std::size_t cursor) {
    text.line = line;
    text.cursor = cursor;
    const Picture picture = lay_out_in_one_row(text, {10, 24}, first);
    CHECK(picture.rows.size() == 1);
    CHECK(picture.rows[0].columns <= 10);
    return picture.rows[0].bytes + "|" + std::to_string(picture.cursor.column);
  };
  CHECK(shown("abc\nd", 3) == "> abc^Jd|5");
  CHECK(shown("abcdefgh", 0) == "> abcdefg>|2");
  CHECK(shown("abcdefgh", 8) == "<defgh|6");
  CHECK(shown("abcdefgh", 4) == "<defgh|2");
  CHECK(shown("abcdefgh", 0) == "> abcdefg>|2");
  CHECK(shown("一二三四五六", 18) == "< 五六|6");
  CHECK(shown("一二三四五六", 6) == "> 一二三 >|6");
  const std::string family = "👨\u200d👩\u200d👧";
  CHECK(shown(family + "abc", 0) == "> " + family + "a>|2");
  CHECK(shown(family + "abcdef", family.size() + 5) == "<abcdef|6");
}
