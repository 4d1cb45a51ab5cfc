#include "client/import/scan.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("what is taken leaves the rest, and what does not stand there leaves all") {
  std::string_view text = "12:x";
  CHECK_FALSE(scan::take(text, ":"));
  CHECK(scan::take_number(text, 1, 2) == 12);
  CHECK(scan::take_any(text, {"-", ":"}));
  CHECK_FALSE(scan::take_number(text, 1, 2));
  CHECK(text == "x");
  text = " \t\u3000\u00a0Tue.";
  CHECK(scan::skip_blanks(text));
  CHECK_FALSE(scan::skip_blanks(text));
  CHECK(scan::take_letters(text) == "tue");
  CHECK(text == ".");
}

TEST_CASE("a number has all the digits that stand there") {
  std::string_view text = "2019";
  CHECK_FALSE(scan::take_number(text, 1, 2));
  CHECK_FALSE(scan::take_number(text, 5, 6));
  CHECK(text == "2019");
  CHECK(scan::take_number(text, 4, 4) == 2019);
}

TEST_CASE("a word ends at blanks, at Chinese, and at marks that nothing of it follows") {
  for (const char* const text : {"", " x", "\tx", "今天", "，", ".", ", x", ":", ") x"}) {
    CAPTURE(text);
    CHECK(scan::at_boundary(text));
  }
  for (const char* const text : {"x", "1", "-", ".x", ".1", ":1", "..", "_"}) {
    CAPTURE(text);
    CHECK_FALSE(scan::at_boundary(text));
  }
}
