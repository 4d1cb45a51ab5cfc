#pragma once

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <string>

#include "tests/support/files.h"
#include "tests/support/program.h"

namespace md2::test {

// For tests that hold against each other what the programs say of themselves and what is written of them.

using Words = std::set<std::string>;

/// What stands in a file of the repository, in whose top folder `make test` leaves the tests.
inline std::string document(const std::string& path) {
  std::string text = read_file(path);
  REQUIRE_MESSAGE(!text.empty(), "'", path, "' can't be read: run the tests in the top folder of the repository");
  return text;
}

/// The first group of each match.
inline Words all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Words words;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) words.insert((*at)[1]);
  return words;
}

/// One behind another: a difference shows in the message of a failed check.
inline std::string printed(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += ' ' + word;
  return text;
}

/// What `--help` of a program prints.
inline std::string usage(const std::string& program) {
  const Sandbox sandbox;
  const Result result = run(sandbox, {binary(program), "--help"});
  REQUIRE(result.status == 0);
  return result.output;
}

/// The commands of md2client's usage.
inline Words commands_in(const std::string& usage) {
  return all(usage, "[\\[|] ?([a-z]+) (?=[\\[|])");
}

}  // namespace md2::test
