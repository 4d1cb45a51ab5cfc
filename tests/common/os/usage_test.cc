#include "common/os/usage.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace md2;

namespace {

constexpr const char* usage = R"(thing does something; -x is no option of it, and neither is
  --this one.

Usage:
  thing [options] [do [WORD...]
        | --other=N]

What stands between is prose:
  do      a word or more, or --nothing

Options:
  -s ADDR, --server=ADDR  HOST:PORT; what it is without
                          it: see --nowhere.
    --port=N              A number, [default: 5000] of course.
  --flag                  Yes or no.
  -h --help               Print this.

Exit status: 0.
)";

Arguments parsed(const std::vector<std::string>& words) {
  return parse_arguments("thing", usage, words);
}

}  // namespace

TEST_CASE("options are found by their long and short names, and by what a name begins with") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--server=a:1"}, {"--server", "a:1"}, {"-s", "a:1"}, {"-sa:1"}, {"--se=a:1"}}) {
    CAPTURE(words[0]);
    const Arguments arguments = parsed(words);
    CHECK(arguments.value("--server") == "a:1");
    CHECK_FALSE(arguments.given("--flag"));
  }
  CHECK(parsed({"--flag"}).given("--flag"));
}

TEST_CASE("what is not given has its default, or none") {
  const Arguments arguments = parsed({});
  CHECK(arguments.value("--port") == "5000");
  CHECK_FALSE(arguments.given("--server"));
  CHECK_FALSE(arguments.given("--other"));
  CHECK(parsed({"--port=7"}).value("--port") == "7");
}

TEST_CASE("a pattern may go on in the next line, and prose is none") {
  CHECK(parsed({"do", "a", "b"}).words("WORD") == std::vector<std::string>{"a", "b"});
  const Arguments arguments = parsed({"--other=3"});
  CHECK(arguments.value("--other") == "3");
  CHECK_THROWS_AS(arguments.given("--nothing"), std::out_of_range);
  CHECK_THROWS_AS(arguments.given("--this"), std::out_of_range);
  CHECK_THROWS_AS(arguments.given("--nowhere"), std::out_of_range);
  CHECK_THROWS_AS(arguments.given("-x"), std::out_of_range);
}

TEST_CASE("a line of blanks says nothing") {
  CHECK(parse_arguments("thing", std::string("   \n") + usage, {"--flag"}).given("--flag"));
}
