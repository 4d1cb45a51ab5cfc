#include "client/commands/month_sheet.h"

#include <doctest/doctest.h>

#include <string>

#include "common/text/cluster.h"

using namespace md2;
using namespace std::chrono;

namespace {

struct Seen {
  DayCounts days;
  Shades shades;
  DayLook look;

  Seen(DayCounts counts, Date today, bool colour)
      : days(std::move(counts)), shades(days), look{days, shades, today, colour} {}
};

DayCounts some_days() {
  DayCounts days;
  days.add({2015, 10, 2});
  for (int i = 0; i < 9; ++i) days.add({2015, 10, 31});
  return days;
}

std::string sheet(year_month month, const DayLook& look) {
  return side_by_side({month_sheet(month, look)}, 2);
}

}  // namespace

TEST_CASE("a month without colours is as cal(1) has it, with a sign behind a day and one before today") {
  const Seen seen(some_days(), {2015, 10, 28}, false);
  CHECK(sheet(2015y / October, seen.look) ==
        "        October 2015\n"
        " Mo  Tu  We  Th  Fr  Sa  Su\n"
        "              1   2-  3   4\n"
        "  5   6   7   8   9  10  11\n"
        " 12  13  14  15  16  17  18\n"
        " 19  20  21  22  23  24  25\n"
        " 26  27 >28  29  30  31#\n"
        "\n");
}

TEST_CASE("a month with colours has three columns a day, shades, and today inverse") {
  const Seen seen(some_days(), {2015, 10, 31}, true);
  CHECK(sheet(2015y / October, seen.look) ==
        "    October 2015\n"
        "Mo Tu We Th Fr Sa Su\n"
        "          1 " +
            shaded(" 2", 1) +
            "  3  4\n"
            " 5  6  7  8  9 10 11\n"
            "12 13 14 15 16 17 18\n"
            "19 20 21 22 23 24 25\n"
            "26 27 28 29 30 \033[7m" +
            shaded("31", 4) +
            "\033[27m\n"
            "\n");
}

TEST_CASE("weeks begin on Monday, also where the first is a Sunday and the month has six of them") {
  const Seen seen({}, {2000, 1, 1}, true);
  CHECK(sheet(2015y / March, seen.look) ==
        "     March 2015\n"
        "Mo Tu We Th Fr Sa Su\n"
        "                   1\n"
        " 2  3  4  5  6  7  8\n"
        " 9 10 11 12 13 14 15\n"
        "16 17 18 19 20 21 22\n"
        "23 24 25 26 27 28 29\n"
        "30 31\n");
  CHECK(sheet(2015y / February, seen.look).ends_with("23 24 25 26 27 28\n\n"));
  CHECK(sheet(2016y / February, seen.look).find("\n29\n") != std::string::npos);
  CHECK(sheet(year(1) / January, seen.look).starts_with("    January 0001\n"));
}

TEST_CASE("blocks stand side by side, each as wide as its first line, and no line ends in blanks") {
  CHECK(side_by_side({{"ab ", "c  "}, {"d"}}, 2) == "ab   d\nc\n");
  CHECK(side_by_side({{"一二"}, {"x", "y"}}, 1) == "一二 x\n     y\n");
}
