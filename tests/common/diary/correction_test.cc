#include "common/diary/correction.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

namespace {

const std::string stamp = "2015-10-28 21:26:03.417293+08:00";
const Timestamp time_of_stamp = *parse_timestamp(stamp);

Correction of(std::optional<std::uint32_t> hash, std::string text) {
  return {{time_of_stamp, hash}, std::move(text)};
}

}  // namespace

TEST_CASE("a correction names an entry by its time and the hash of its text, and says what it shall be") {
  CHECK(parse_correction("~[" + stamp + "#5f1c09ab] 今天") == of(0x5f1c09ab, "今天"));
  CHECK(parse_correction("~[" + stamp + "#00000000] a\nb") == of(0, "a\nb"));
  CHECK(parse_correction("~[" + stamp + "] by hand") == of(std::nullopt, "by hand"));
  CHECK(parse_correction("~[" + stamp + "]   indented") == of(std::nullopt, "  indented"));
}

TEST_CASE("a correction that says nothing strikes the entry out, whatever blanks a tool has left there") {
  for (const char* end : {"", " ", "\r", "  \t", " \r"}) {
    CAPTURE(end);
    const auto strike = parse_correction("~[" + stamp + "#5f1c09ab]" + end);
    REQUIRE(strike);
    CHECK(strike->strikes());
  }
}

TEST_CASE("what has another form is no correction") {
  for (const std::string& text :
       {std::string("~"), std::string("~["), "[" + stamp + "] a", " ~[" + stamp + "] a", "~ [" + stamp + "] a",
        "~[" + stamp + "]a", "~[" + stamp + "]\na", "~[" + stamp + "#] a", "~[" + stamp + "#5F1C09AB] a",
        "~[" + stamp + "#5f1c09a] a", "~[" + stamp + "#5f1c09abc] a", "~[" + stamp + "+5f1c09ab] a",
        std::string("~[2015-02-30 21:26:03.417293+08:00] a"), "~~[" + stamp + "] a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_correction(text));
  }
}

TEST_CASE("what is made of a correction is read as the same") {
  for (const Correction& correction :
       {of(7, "a"), of(0xffffffff, "今天\n第二行"), of(std::nullopt, "x"), of(9, ""), of(9, "~[" + stamp + "] quoted"),
        of(9, "~~[" + stamp + "#5f1c09ab]"), of(9, "~~ nothing"), of(9, "  indented"), of(9, " ~[" + stamp + "] a")}) {
    const std::string text = correction_text(correction);
    CAPTURE(text);
    CHECK(parse_correction(text) == correction);
  }
  CHECK(correction_text(of(0x5f1c09ab, "a")).size() == correction_prefix + 1);
}

TEST_CASE("any text is stored so that it is no correction, and is read as it was") {
  for (const std::string& text :
       {std::string("a"), std::string("~"), std::string("~~~"), "~[" + stamp + "] a", "~[" + stamp + "#5f1c09ab]",
        "~~[" + stamp + "] a", "~~~[" + stamp + "]", "~[" + stamp + "]a", "~[" + stamp + "]  a", "~~[" + stamp + "]a",
        std::string("~[not a time] a")}) {
    CAPTURE(text);
    const std::string stored = as_stored(text);
    CHECK_FALSE(parse_correction(stored));
    CHECK(as_read(stored) == text);
  }
  CHECK(as_stored("~[" + stamp + "] a") == "~~[" + stamp + "] a");
  CHECK(as_stored("~ a") == "~ a");
}

TEST_CASE("the hash of a text is how its SHA-256 begins, and blanks at the ends of lines don't count") {
  CHECK(name_hash("abc") == 0xba7816bf);  // FIPS 180-2, appendix B.1
  CHECK(name_hash("a\nb") == name_hash("a  \r\nb\t"));
  CHECK(name_hash("a\nb") != name_hash("a\n b"));
  CHECK(name_hash("a\nb") != name_hash("ab"));
  CHECK(name_hash("") == 0xe3b0c442);
}
