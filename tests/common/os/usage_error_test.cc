#include "common/os/usage_error.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace md2;

namespace {

constexpr const char* with_commands = R"(thing does something.

Usage:
  thing [options]
        [do [--] [TEXT...] | take [--flag] [FILE]
         | show [--big | [--small] [--flat]] [FILE]
         | call [--] TEXT...]

Options:
  -s ADDR, --server=ADDR  Where.
  --flag                  Yes or no. -x is none.
  --big                   Or none of these.
  --small                 Or this.
  --flat                  Or both.
  -h --help               Print this.
)";

constexpr const char* with_ways = R"(other does something.

Usage:
  other [--listen=ADDR] [--log=FILE]
  other [--log=FILE] --new=NAME

Options:
  --listen=ADDR  Where.
)";

std::string said(const std::vector<std::string>& words) {
  const std::string error = usage_error("thing", with_commands, words);
  CHECK(error.find('\n') == std::string::npos);
  CHECK(error.size() < 160);
  return error.substr(0, error.find("; thing --help"));
}

std::string said_of_ways(const std::vector<std::string>& words) {
  const std::string error = usage_error("other", with_ways, words);
  return error.substr(0, error.find("; other --help"));
}

}  // namespace

TEST_CASE("an option that a pattern names goes with that one alone") {
  CHECK(said({"--flag"}) == "thing: '--flag' goes with 'take': thing [options] take [--flag] [FILE]");
  CHECK(said({"do", "--flag", "x"}).starts_with("thing: '--flag' does not go with the rest: thing [options] do"));
}

TEST_CASE("of options that exclude each other the whole pattern is shown") {
  CHECK(said({"show", "--big", "--flat"}) ==
        "thing: the arguments do not fit the usage: thing [options] show [--big | [--small] [--flat]] [FILE]");
}

TEST_CASE("an option that there is not is named, with the pattern of the command and what would make it text") {
  CHECK(said({"do", "buy", "-n", "3", "apples"}) ==
        "thing: there is no option '-n': thing [options] do [--] [TEXT...] (behind -- it is text)");
  CHECK(said({"take", "--flip"}) == "thing: there is no option '--flip': thing [options] take [--flag] [FILE]");
  CHECK(said({"-s", "a:1", "-z"}) == "thing: there is no option '-z': thing [options]");
  CHECK(said({"do", "-x"}).find("'-x'") != std::string::npos);
}

TEST_CASE("an option with too much or too little is named") {
  CHECK(said({"--flag=3"}).find("'--flag' takes no value") != std::string::npos);
  CHECK(said({"do", "-s"}).find("'-s' needs its ADDR") != std::string::npos);
  CHECK(said({"--server"}).find("'--server' needs its ADDR") != std::string::npos);
}

TEST_CASE("a word that is no command is named as it was typed, with the command it may be a slip of") {
  CHECK(said({"teak"}) == "thing: 'teak' is no command: thing [options] take [--flag] [FILE]");
  CHECK(said({"frobnicate"}) == "thing: 'frobnicate' is no command (do, take, show, call are): thing [options]");
  // As md2client hands on what begins like a query of its own.
  CHECK(said({std::string("\0-5", 3)}).find("'-5' is no command") != std::string::npos);
}

TEST_CASE("what is handed on as a word is no option, whatever it begins with") {
  CHECK(said({"do", std::string("\0-n", 3), "-m"}).starts_with("thing: there is no option '-m'"));
}

TEST_CASE("a word too many and a text that is missing are told") {
  CHECK(said({"take", "a", "b"}) == "thing: 'b' is one word too many: thing [options] take [--flag] [FILE]");
  CHECK(said({"call"}) == "thing: 'call' needs its TEXT: thing [options] call [--] TEXT...");
}

TEST_CASE("without commands the way is told that is nearest to what was given") {
  CHECK(said_of_ways({"--lisen=a"}) == "other: there is no option '--lisen': other [--listen=ADDR] [--log=FILE]");
  CHECK(said_of_ways({"--new"}) == "other: '--new' needs its NAME: other [--log=FILE] --new=NAME");
  CHECK(said_of_ways({"word"}).find("'word' is one word too many") != std::string::npos);
  CHECK(said_of_ways({"--new=a", "--listen=b"}).find("does not go with the rest") != std::string::npos);
}
