#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// What stands between blanks.
std::vector<std::string> words_of(std::string_view text);

/// What was given on a command line, by the names that the usage has for it: `write`, `--key`, `TEXT`. Another name is
/// a mistake of the program's: std::out_of_range.
class Arguments {
 public:
  Arguments() = default;
  explicit Arguments(std::map<std::string, std::vector<std::string>> words) : words_(std::move(words)) {}

  /// A command or an option.
  bool given(const std::string& name) const { return !words(name).empty(); }
  /// Of an option that takes one: what was given, else its default.
  std::optional<std::string> value(const std::string& name) const {
    return given(name) ? std::optional(words(name).front()) : std::nullopt;
  }
  /// What stands in the place of a name that may be repeated, in its order.
  const std::vector<std::string>& words(const std::string& name) const { return words_.at(name); }

 private:
  std::map<std::string, std::vector<std::string>> words_;  ///< a command or an option without a value has an empty one
};

/// What the words of a command line come to.
struct CommandLine {
  enum class Kind { fits, help, version, wrong };
  Kind kind = Kind::wrong;
  Arguments arguments;  ///< of what fits
};

/// Matches `words` with `usage` as docopt (http://docopt.org) does, which tests/common/os/arguments_test.cc compares it
/// with: docopt's regular expressions took half of what a short command costs. Of its language this knows what usages
/// here are written in:
///
/// - `Usage:` alone on a line, then the patterns up to an empty line; each begins with the program's name.
/// - `[ ]`, `( )`, `|`, `...`, `[options]` and `[--]`; ARGUMENTS in capitals, `--option=VALUE`, commands.
/// - `Options:` alone on a line, then up to an empty line each option first on a line of its own, with its names before
///   two spaces: `-k FILE, --key=FILE  ...`; behind them may stand, on that line, its `[default: VALUE]`.
CommandLine match_usage(std::string_view usage, const std::vector<std::string>& words);

}  // namespace md2
