// The picture of the READMEs.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "tests/picture/story.h"
#include "tests/support/files.h"

using namespace md2::test;

namespace {

/// Without what differs from day to day: times, the version, the day of the week.
std::string without_the_day(const std::string& svg) {
  return std::regex_replace(std::regex_replace(svg, std::regex("[0-9]"), "0"),
                            std::regex("0000-00-00 (Mon|Tue|Wed|Thu|Fri|Sat|Sun)"), "0000-00-00 Day");
}

}  // namespace

TEST_CASE("the picture of the READMEs shows what the programs show") {
  const bool same = without_the_day(read_file("man/md2.svg")) == without_the_day(picture_of_a_session());
  CHECK_MESSAGE(same, "`make picture` makes it anew");
  for (const char* readme : {"README.md", "README.zh-CN.md"}) {
    CAPTURE(readme);
    CHECK(read_file(readme).find("](man/md2.svg)") != std::string::npos);
  }
}
