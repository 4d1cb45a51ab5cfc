#include "common/os/usage.h"

#include <doctest/doctest.h>

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
    Arguments arguments = parsed(words);
    CHECK(arguments["--server"].asString() == "a:1");
    CHECK_FALSE(arguments["--flag"].asBool());
  }
  CHECK(parsed({"--flag"})["--flag"].asBool());
}

TEST_CASE("what is not given has its default, or none") {
  Arguments arguments = parsed({});
  CHECK(arguments["--port"].asString() == "5000");
  CHECK_FALSE(arguments["--server"]);
  CHECK_FALSE(arguments["--other"]);
  CHECK(parsed({"--port=7"})["--port"].asString() == "7");
}

TEST_CASE("a pattern may go on in the next line, and prose is none") {
  CHECK(parsed({"do", "a", "b"})["WORD"].asStringList() == std::vector<std::string>{"a", "b"});
  Arguments arguments = parsed({"--other=3"});
  CHECK(arguments["--other"].asString() == "3");
  CHECK(arguments.count("--nothing") == 0);
  CHECK(arguments.count("--this") == 0);
  CHECK(arguments.count("--nowhere") == 0);
  CHECK(arguments.count("-x") == 0);
}

TEST_CASE("a line of blanks says nothing") {
  CHECK(parse_arguments("thing", std::string("   \n") + usage, {"--flag"})["--flag"].asBool());
}
