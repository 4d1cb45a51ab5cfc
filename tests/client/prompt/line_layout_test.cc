#include "client/prompt/line_layout.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

namespace {

constexpr std::string_view prompt = "当下>>> ";  // 8 columns

/// The cursor behind the last character.
int rows_above_end(std::string_view line, int old_columns, int columns, std::string_view before = prompt) {
  return rows_above_cursor(before, line, line.size(), old_columns, columns);
}

}  // namespace

TEST_CASE("rows are those of the new width") {
  const std::string line(100, 'a');  // 108 columns with the prompt
  CHECK(rows_above_end(line, 80, 120) == 0);
  CHECK(rows_above_end(line, 120, 80) == 1);
  CHECK(rows_above_end(line, 80, 50) == 2);
  CHECK(rows_above_end(line, 80, 10) == 10);
  CHECK(rows_above_end("", 80, 10) == 0);
  CHECK(rows_above_end("", 80, 6) == 1);
}

TEST_CASE("only what is before the cursor counts") {
  const std::string line(100, 'a');
  CHECK(rows_above_cursor(prompt, line, 0, 80, 40) == 0);
  CHECK(rows_above_cursor(prompt, line, 31, 80, 40) == 0);
  CHECK(rows_above_cursor(prompt, line, 33, 80, 40) == 1);
}

TEST_CASE("a wide character that does not fit goes to the next row") {
  const std::string line = "一二三四五六七八九十";  // 20 columns, 28 with the prompt
  CHECK(rows_above_end(line, 80, 27) == 1);
  CHECK(rows_above_end(line, 80, 14) == 1);
  CHECK(rows_above_end(line, 80, 13) == 2);  // 12 + 12 + 4, a column is left empty twice
  CHECK(rows_above_cursor(prompt, "aa一", 2, 80, 11) == 1);
  CHECK(rows_above_cursor(prompt, "aab", 2, 80, 11) == 0);
}

TEST_CASE("a cursor behind the last column waits there unless readline has stepped over the margin") {
  const std::string line(32, 'a');  // 40 columns with the prompt
  CHECK(rows_above_end(line, 80, 40) == 0);
  CHECK(rows_above_end(line, 40, 20) == 2);
  CHECK(rows_above_end(line, 40, 80) == 0);
  CHECK(rows_above_end(line, 80, 20) == 1);
  CHECK(rows_above_cursor(prompt, line + "b", line.size(), 80, 40) == 1);
}

TEST_CASE("a newline ends a row") {
  CHECK(rows_above_end("one\ntwo\n", 80, 40) == 2);
  CHECK(rows_above_end(std::string(50, 'a') + "\nb", 80, 40) == 2);
  CHECK(rows_above_cursor(prompt, "one\ntwo", 3, 80, 40) == 0);
}

TEST_CASE("a row that was full before a newline has left an empty one") {
  const std::string full(32, 'a');
  CHECK(rows_above_end(full + "\nb", 40, 80) == 2);
  CHECK(rows_above_cursor(prompt, full + "\nb", full.size(), 40, 80) == 1);
  CHECK(rows_above_end(full + "\nb", 80, 100) == 1);
}

TEST_CASE("a tab is as many columns as it was at the old width") {
  CHECK(rows_above_end("\tx", 80, 17) == 0);  // 8 + 8 + 1
  CHECK(rows_above_end("\tx", 80, 16) == 1);
  CHECK(rows_above_end("a\tx", 80, 17) == 0);
  CHECK(rows_above_end("\t\tx", 20, 20) == 1);  // the second one ends at the margin, 4 columns
  CHECK(rows_above_end("\t\tx", 20, 21) == 0);
  CHECK(rows_above_end("\t\tx", 80, 21) == 1);
}

TEST_CASE("a control character is shown in two columns") {
  CHECK(rows_above_end("\x01\x02", 80, 12) == 0);
  CHECK(rows_above_end("\x01\x02y", 80, 12) == 1);
  CHECK(rows_above_end("\x7f\x1f\x01", 80, 12) == 1);
}

TEST_CASE("what is hidden in the prompt takes no room") {
  CHECK(rows_above_end("aaaa", 80, 12, "\001\x1b[1;32m\002当下>>> \001\x1b[0m\002") == 0);
  CHECK(rows_above_end("aaaab", 80, 12, "\001\x1b[1;32m\002当下>>> \001\x1b[0m\002") == 1);
}

TEST_CASE("combining characters and broken UTF-8 are counted as they are drawn") {
  CHECK(rows_above_end("e\u0301e\u0301e\u0301e\u0301", 80, 12) == 0);
  CHECK(rows_above_end("\xff\xfe\xe4\xbd", 80, 12) == 0);
  CHECK(rows_above_end("\xff\xfe\xe4\xbd\xff", 80, 12) == 1);
}
