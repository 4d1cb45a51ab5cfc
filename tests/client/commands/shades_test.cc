#include "client/commands/shades.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace md2;

namespace {

/// Days with so many entries each.
DayCounts days_with(std::initializer_list<int> numbers) {
  DayCounts days;
  int day = 0;
  for (const int number : numbers) {
    ++day;
    for (int i = 0; i < number; ++i) days.add({2015, 1 + day / 28, 1 + day % 28});
  }
  return days;
}

/// The level of each of 0 to 9 entries.
std::string levels(const Shades& shades) {
  std::string text;
  for (std::uint64_t entries = 0; entries < 10; ++entries) text += std::to_string(shades.level(entries));
  return text;
}

}  // namespace

TEST_CASE("each shade stands for about as many days") {
  const Shades shades(days_with({1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(levels(shades) == "0112233444");
  CHECK(shades.legend(false) == "entries a day:  - 1-2  + 3-4  * 5-6  # 7-8");
}

TEST_CASE("one day with thousands of entries leaves the others as they were") {
  const Shades shades(days_with({1, 2, 3, 4, 5, 6, 7, 9000}));
  CHECK(levels(shades) == "0112233444");
  CHECK(shades.legend(false) == "entries a day:  - 1-2  + 3-4  * 5-6  # 7-9000");
}

TEST_CASE("days that are alike have the lightest shade, and the legend tells only of shades that there are") {
  CHECK(Shades(days_with({3, 3, 3})).legend(false) == "entries a day:  - 3");
  CHECK(Shades(days_with({1, 1, 1, 1, 1, 1, 1, 5})).legend(false) == "entries a day:  - 1  # 5");
  CHECK(Shades(days_with({7})).level(7) == 1);
  CHECK(levels(Shades(DayCounts())) == "0444444444");
}

TEST_CASE("a shade says the colour of the ground and of the letters, and takes both back") {
  CHECK(shaded("28", 0) == "28");
  for (int level = 1; level <= Shades::levels; ++level) {
    CAPTURE(level);
    const std::string text = shaded("28", level);
    CHECK(text.find("38;5;") != std::string::npos);
    CHECK(text.find("48;5;") != std::string::npos);
    CHECK(text.ends_with("m28\033[39;49m"));
  }
  CHECK(Shades(days_with({1, 5})).legend(true) == "entries a day: " + shaded(" 1 ", 1) + ' ' + shaded(" 5 ", 4));
}
