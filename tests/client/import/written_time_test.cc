#include "client/import/written_time.h"

#include <doctest/doctest.h>

#include <string>

using namespace md2;

namespace {

/// Seconds in the day and the rest; -1 when nothing was taken.
std::string taken(std::string_view text) {
  const auto time = take_time_of_day(text);
  return std::to_string(time.value_or(-1)) + "|" + std::string(text);
}

}  // namespace

TEST_CASE("a time is taken in whatever form it is written") {
  CHECK(taken("21:26 x") == "77160|x");
  CHECK(taken("21:26:03") == "77163|");
  CHECK(taken("9:26 PM x") == "77160|x");
  CHECK(taken("下午9:26 x") == "77160|x");
  CHECK(taken("21时26分") == "77160|");
  CHECK(taken("21点26分3秒 x") == "77163|x");
  CHECK(taken("12:00 AM") == "0|");
}

TEST_CASE("what only begins like a time is left as it is") {
  for (const std::string text :
       {"", "x", "24:00", "21:60", "21", "21:2", "13:00 PM", "0:30 AM", "10:30-11:00", "21:26x"}) {
    CAPTURE(text);
    CHECK(taken(text) == "-1|" + text);
  }
}

TEST_CASE("a zone is taken behind a time, also behind a blank") {
  std::string_view text = "+08:00 x";
  CHECK(take_offset(text) == 480);
  text = " -0330";
  CHECK(take_offset(text) == -210);
  text = "Z";
  CHECK(take_offset(text) == 0);
  for (const std::string_view none : {"", "08:00", "+8", "+08", "Zx", "+99:00"}) {
    CAPTURE(std::string(none));
    text = none;
    CHECK_FALSE(take_offset(text));
    CHECK(text == none);
  }
}
