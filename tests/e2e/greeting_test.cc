// What a prompt says of this day in earlier years.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "tests/support/entries.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Every day of 2012, so that today is among them, whenever this runs.
std::string all_days() {
  std::string diary;
  for (int month = 1; month <= 12; ++month) {
    for (int day = 1; exists({2012, month, day}); ++day) {
      diary += entry_on(fmt::format("2012-{:02}-{:02}", month, day), "x");
    }
  }
  return diary;
}

constexpr const char* line = "this day in 2012: /on-this-day or /那年今日";

}  // namespace

TEST_CASE("a prompt tells behind the diary which earlier years have this day, once") {
  ServedDiary served(all_days());
  served.sandbox.set("MD2_GREETING", "");
  Screen screen(served.sandbox, served.client());
  screen.wait_for_end({"2012-12-31 Mon", "21:26  x", line, "当下>>>"}, prompt_width);
  screen.enter("/on-this-day");
  screen.wait_for_end({"21:26  x", "当下>>>"}, prompt_width);
  screen.enter("hi");
  screen.wait_for_end({"2012-12-31 Mon", "21:26  x", "当下>>>"}, prompt_width);
}

TEST_CASE("MD2_GREETING=off leaves the line out, and so does a diary that lacks the day") {
  ServedDiary served(all_days());
  Screen quiet(served.sandbox, served.client());
  quiet.wait_for_end({"2012-12-31 Mon", "21:26  x", "当下>>>"}, prompt_width);
  ServedDiary other;
  other.sandbox.set("MD2_GREETING", "on");
  Screen screen(other.sandbox, other.client());
  wait_for_prompt(screen);
}
