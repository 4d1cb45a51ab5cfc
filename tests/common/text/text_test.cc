#include "common/text/text.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace md2;
using namespace std::string_literals;

TEST_CASE("text may hold any valid UTF-8, newlines and tabs") {
  for (const char* text :
       {"", "plain", "今天", "one\ttwo\nthree", "\U00020000 emoji \U0001f642", "\u00a0 no-break space", "\ufeff"}) {
    CAPTURE(text);
    CHECK(text_error(text) == "");
  }
}

TEST_CASE("a control character is named with its line") {
  CHECK(text_error("a\x1b[31m") == "line 1 holds the control character U+001B");
  CHECK(text_error("a\nb\r\n") == "line 2 holds the control character U+000D");
  CHECK(text_error("\x7f") == "line 1 holds the control character U+007F");
  CHECK(text_error("今\n\n\u009b") == "line 3 holds the control character U+009B");
  CHECK(text_error("a\0b"s) == "line 1 holds the control character U+0000");
}

TEST_CASE("text that is not UTF-8 is refused with its line") {
  // A lone continuation, a cut character, an overlong slash, a surrogate, beyond U+10FFFF, Latin-1.
  for (const char* text : {"\x80", "ok\xe4\xbb", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "caf\xe9 au lait"}) {
    CAPTURE(sanitised(text));
    CHECK(text_error(text) == "line 1 is not valid UTF-8");
  }
  CHECK(text_error("a\nb\n\xff") == "line 3 is not valid UTF-8");
}

TEST_CASE("of two faults the first is told") {
  CHECK(text_error("\x01\n\xff") == "line 1 holds the control character U+0001");
  CHECK(text_error("\xff\n\x01") == "line 1 is not valid UTF-8");
}

TEST_CASE("blank lines at both ends and white space at the end are dropped, an indent stays") {
  CHECK(trimmed("") == "");
  CHECK(trimmed(" \t\n  \n") == "");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed("  a") == "  a");
  CHECK(trimmed("\n \n\t\n  a\n\n b \t\n\n") == "  a\n\n b");
  CHECK(trimmed("a  \nb") == "a  \nb");
}

TEST_CASE("the blanks of every script are dropped at the end, and a line of them is a blank line") {
  for (const std::string blank : {"\u3000", "\u00a0", "\u2003", "\u202f", "\u1680", "\u200b", "\ufeff"}) {
    CAPTURE(blank);
    CHECK(trimmed(blank) == "");
    CHECK(trimmed(fmt::format("今天{0} {0}", blank)) == "今天");
    CHECK(trimmed(fmt::format("{0}\n{0}今天\n{0}", blank)) == blank + "今天");
    CHECK(trimmed_of_ascii("今天" + blank) == "今天" + blank);
    CHECK_FALSE(has_words(blank + " \t\r\n"));
    CHECK(has_words(blank + "x"));
  }
  CHECK(trimmed("a\r") == "a\r");
  CHECK(trimmed("a\u0085") == "a\u0085");
  CHECK(trimmed("❤\ufe0f") == "❤\ufe0f");
}

TEST_CASE("CR LF becomes a newline and a byte order mark goes; a CR elsewhere and a mark inside stay") {
  CHECK(unix_text("a\r\nb\r\n\r\nc\r") == "a\nb\n\nc");
  CHECK(unix_text("\ufeffa\ufeffb") == "a\ufeffb");
  CHECK(unix_text("a\rb\r\r\n") == "a\rb\r\n");
  CHECK(unix_text("") == "");
  CHECK(unix_text("\r") == "");
}

TEST_CASE("what is UTF-8 is told from what is not") {
  CHECK(is_utf8("今天 \ufffd \x01"));
  CHECK_FALSE(is_utf8("今\xe5\xa4"));
}

TEST_CASE("what ends a line unseen or rearranges it is shown, but is text; marks that Hebrew needs stay") {
  CHECK(sanitised("a\u202eb\u2028c\u2029") == "a\\u202eb\\u2028c\\u2029");
  CHECK(sanitised("\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069\u206f") ==
        "\\u202a\\u202b\\u202c\\u202d\\u2066\\u2067\\u2068\\u2069\\u206f");
  CHECK(sanitised("\u2027 \u202f \u2065 \u2070 \u200e \u200f \u200d") ==
        "\u2027 \u202f \u2065 \u2070 \u200e \u200f \u200d");
  CHECK(text_error("a\u202eb\u2028c") == "");
}

TEST_CASE("nothing that a terminal could obey survives sanitising") {
  CHECK(sanitised("今天\n\t好") == "今天\n\t好");
  CHECK(sanitised("\x1b[2J") == "^[[2J");
  CHECK(sanitised("a\rb\x7f\x08"s) == "a^Mb^?^H");
  CHECK(sanitised("\0"s) == "^@");
  CHECK(sanitised("\u009b31m") == "\\x9b31m");
  CHECK(sanitised("\u00a0") == "\u00a0");
  CHECK(sanitised("a\xff"
                  "b") == "a\uFFFDb");
  CHECK(sanitised("\xe4\xbb") == "\uFFFD\uFFFD");
  CHECK(sanitised("\xc2") == "\uFFFD");
  CHECK(sanitised("\xff\x1b\xff") == "\uFFFD^[\uFFFD");
}

TEST_CASE("whatever the bytes, sanitised text has no fault and sanitising it again changes nothing") {
  std::string bytes;
  unsigned state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 1103515245 + 12345;
    bytes += static_cast<char>(state >> 16);
  }
  const std::string clean = sanitised(bytes);
  CHECK(text_error(clean) == "");
  CHECK(sanitised(clean) == clean);
}
