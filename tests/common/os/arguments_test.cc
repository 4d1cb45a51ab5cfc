#include "common/os/arguments.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/common/os/docopt/docopt_reference.h"
#include "tests/support/deadline.h"
#include "tests/support/program.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

namespace {

using Words = std::vector<std::string>;
using Kind = CommandLine::Kind;

constexpr const char* forms = R"(All that a usage may be written in.

Usage:
  thing [options] [--] FILE [WORD...]
  thing (first | second [third]) --other=N [NAME] [--flag]
  thing either (ONE | TWO) [one by --one] [THREE]...
  thing (-h | --help)

Options:
  -k FILE, --key=FILE  A key.
  -q                   Only short,
                       --nothing of it.
  --port=N             A number, [default: 5000] of course.
  --flag               Named in a pattern.
  -h --help            Print this.
)";

/// What --help prints.
std::string usage_of(const std::string& program) {
  const Sandbox sandbox;
  const Result result = run(sandbox, {binary(program), "--help"});
  REQUIRE(result.status == 0);
  return result.output;
}

Words words_of(std::string_view text) {
  Words words(1);
  for (const char c : text) {
    if (std::string_view(" \n,[]()|=.").find(c) == std::string_view::npos) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  words.pop_back();
  return words;
}

/// Command lines that are right, nearly right, or neither, of the words of a usage and some others.
class RandomWords {
 public:
  explicit RandomWords(const std::string& usage) {
    const std::size_t patterns = usage.find("Usage:");
    for (const std::string& word : words_of(usage)) {
      if (word.starts_with('-')) options_.push_back(word);
    }
    for (const std::string& word : words_of(usage.substr(patterns, usage.find("\n\n", patterns) - patterns))) {
      if (!word.starts_with('-')) words_.push_back(word);
    }
  }

  Words line() {
    Words line;
    for (std::size_t left = below(6); left > 0; --left) line.push_back(below(2) == 0 ? option() : word());
    return line;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  const std::string& one_of(const Words& words) { return words[below(words.size())]; }

  std::string word() { return below(3) == 0 ? one_of(others_) : one_of(words_); }

  std::string option() {
    std::string option = one_of(options_);
    if (below(4) == 0) option.resize(1 + below(option.size()));
    if (below(3) == 0) option += below(4) == 0 ? "=" : "=1";
    if (below(8) == 0) option += one_of(options_).substr(1);
    return option;
  }

  std::mt19937 random_{20151028};
  Words options_;
  Words words_;
  const Words others_{"x", "-", "--", "", "a=b", "FILE", "[", std::string("\0-5", 3), "八荣八耻", "--unknown", "-é"};
};

/// Regular expressions take their time, and under a sanitizer ten times as much.
std::size_t lines() {
  return sanitized() ? 5'000 : 50'000;
}

void compare_with_docopt(const std::string& usage, std::size_t count) {
  const DocoptReference docopt(usage);
  RandomWords random(usage);
  std::map<Kind, std::size_t> kinds;
  for (std::size_t i = 0; i < count; ++i) {
    const Words line = random.line();
    CAPTURE(fmt::format("'{}'", fmt::join(line, "' '")));
    const auto theirs = docopt.parse(line);
    const CommandLine ours = match_usage(usage, line);
    ++kinds[ours.kind];
    REQUIRE(static_cast<int>(ours.kind) == static_cast<int>(theirs.kind));
    for (const auto& each : theirs.values) {
      CAPTURE(each.first);
      REQUIRE(ours.arguments.words(each.first) == each.second);
    }
  }
  // It is no comparison when all of them are wrong.
  CHECK(kinds[Kind::fits] > count / 10);
}

}  // namespace

TEST_CASE("a command line of either program is read as docopt reads it") {
  for (const std::string program : {"md2client", "md2server"}) {
    CAPTURE(program);
    compare_with_docopt(usage_of(program), lines());
  }
}

TEST_CASE("each form of a usage means what docopt means by it") {
  compare_with_docopt(forms, lines());
}

TEST_CASE("what was given is found by its name, and a name that the usage lacks is a mistake") {
  const CommandLine line = match_usage(forms, {"second", "third", "--other", "3", "a"});
  REQUIRE(line.kind == Kind::fits);
  CHECK(line.arguments.given("second"));
  CHECK_FALSE(line.arguments.given("first"));
  CHECK(line.arguments.value("--other") == "3");
  CHECK(line.arguments.value("--key") == std::nullopt);
  CHECK(line.arguments.words("NAME") == Words{"a"});
  CHECK(line.arguments.words("FILE").empty());
  CHECK_THROWS_AS(line.arguments.given("--othre"), std::out_of_range);
}
