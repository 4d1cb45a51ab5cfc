#include "client/import/report.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("a report has all that can't be taken, and at a terminal twenty lines at most") {
  FaultReport report;
  for (int i = 1; i <= 20; ++i) report.add("line " + std::to_string(i));
  const std::string twenty = report.text("no:", true);
  CHECK(twenty == report.text("no:", false));
  CHECK(twenty.ends_with("\n  line 20"));
  report.add("line 21");
  CHECK(report.count() == 21);
  CHECK(report.text("no:", false).ends_with("\n  line 20\n  line 21"));
  CHECK(report.text("no:", true).ends_with("\n  line 19\n  and 2 more"));
}
