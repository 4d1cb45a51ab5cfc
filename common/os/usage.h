#pragma once

#include <docopt/docopt.h>

#include <map>
#include <string>
#include <vector>

namespace md2 {

using Arguments = std::map<std::string, docopt::value>;

/// Parses the `words` of a command line by `usage`, the text that --help prints: `Usage:` with its patterns up to an
/// empty line, and `Options:` with each option first on a line, which holds its `[default: ...]` as well. Exits with 0
/// after --help and --version ("NAME VERSION"), with 2 and one line on stderr (usage_error()) when the arguments do not
/// fit. Throws OutputError when what was asked for could not be printed.
Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words);

}  // namespace md2
