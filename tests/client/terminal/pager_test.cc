#include "client/terminal/pager.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int rows = 10;

/// A diary that a page of `lines` lines is made of, two of them the heading of the diary and the day.
std::string write_lines(ServedDiary& served, int lines) {
  std::string text = "第 1 行";
  for (int i = 2; i <= lines - 3; ++i) text += fmt::format("\n第 {} 行", i);
  served.write(text);
  return fmt::format("第 {} 行", lines - 3);
}

/// A pager that keeps what it gets, then prints a word.
void set_recorder(ServedDiary& served) {
  served.sandbox.set("PAGER", "cat > paged; echo left");
}

std::string paged(const ServedDiary& served) {
  return read_file(served.sandbox.path("paged"));
}

}  // namespace

TEST_CASE("the pager is PAGER's or less, and none where none is wanted or none would work") {
  CHECK(pager_command("more", nullptr) == "more");
  CHECK(pager_command("", "xterm") == "");
  CHECK(pager_command("cat", "xterm") == "");
  CHECK(pager_command(nullptr, "xterm").find("less -R") != std::string::npos);
  CHECK(pager_command(nullptr, "dumb") == "");
  CHECK(pager_command(nullptr, nullptr) == "");
  CHECK(pager_command("more", "dumb") == "more");
}

TEST_CASE("a page that leaves a row for the prompt is printed, one line more goes to the pager") {
  for (const int lines : {rows - 1, rows}) {
    CAPTURE(lines);
    ServedDiary served;
    set_recorder(served);
    const std::string last = write_lines(served, lines);
    Screen screen(served.sandbox, served.client({"read"}), rows);
    screen.wait_for(lines < rows ? last + "\n" : "left");
    CHECK(screen.wait() == 0);
    CHECK((screen.text().find(last) != std::string::npos) == (lines < rows));
    CHECK((paged(served).find(last + "\n") != std::string::npos) == (lines == rows));
    CHECK(paged(served).starts_with("从前\n\n") == (lines == rows));
    CHECK(sane(screen.modes()));
  }
}

TEST_CASE("what goes to no terminal goes to no pager") {
  ServedDiary served;
  set_recorder(served);
  write_lines(served, 1000);
  const Result result = run(served.sandbox, served.client({"read"}));
  CHECK(result.output == read_file(served.sandbox.diary()));
  CHECK(paged(served) == "");
}

TEST_CASE("with PAGER empty everything is printed") {
  ServedDiary served;
  served.sandbox.set("PAGER", "");
  const std::string last = write_lines(served, 100);
  Screen screen(served.sandbox, served.client({"read"}), rows);
  screen.wait_for(last + "\n");
  CHECK(screen.wait() == 0);
}

TEST_CASE("who leaves the pager before the end has read enough") {
  ServedDiary served;
  served.sandbox.set("PAGER", "head -n 2");
  for (int i = 0; i < 8; ++i) served.write(std::string(1 << 20, 'x'));  // more than pipe and link hold
  Screen screen(served.sandbox, served.client({"read"}), rows);
  screen.wait_for("从前");
  CHECK(screen.wait() == 0);
  CHECK(screen.text().find("md2client:") == std::string::npos);
}

TEST_CASE("Ctrl-C is the pager's") {
  ServedDiary served;
  served.sandbox.set(
      "PAGER",
      "trap 'echo interrupted' INT; cat > paged; echo started; until read line < /dev/tty; do :; done; echo left");
  const std::string last = write_lines(served, 100);
  Screen screen(served.sandbox, served.client({"read"}), rows);
  screen.wait_for("started");
  screen.control('c');
  screen.enter("");  // a shell that was about to read looks at the signal only now
  CHECK(screen.wait() == 0);
  CHECK(screen.text().find("interrupted") != std::string::npos);
  CHECK(paged(served).find(last) != std::string::npos);
}

TEST_CASE("less shows the first screen, colours and all, and q leaves it") {
  ServedDiary served;
  const std::string last = write_lines(served, 100);
  Screen screen(served.sandbox, served.client({"read"}), rows);
  REQUIRE_MESSAGE(run(served.sandbox, {"sh", "-c", "command -v less"}).status == 0, "less is not installed");
  screen.wait_for([&] { return screen.row(rows - 1) == ":"; }, "less to wait for a key");
  CHECK(screen.text().find("2015-10-28 Wed") != std::string::npos);
  CHECK(screen.text().find("[1m") == std::string::npos);
  screen.type("G");
  screen.wait_for(last);
  screen.type("q");
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
}

TEST_CASE("a pager that there is not is told with what helps, status 1") {
  ServedDiary served;
  served.sandbox.set("PAGER", "no-such-pager");
  write_lines(served, 100);
  Screen screen(served.sandbox, served.client({"read"}), rows, 200);
  CHECK(screen.wait() == 1);
  CHECK(screen.text().find("md2client: cannot run the pager 'no-such-pager'") != std::string::npos);
}
