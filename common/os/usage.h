#pragma once

#include <string>
#include <vector>

#include "common/os/arguments.h"

namespace md2 {

/// Parses the `words` of a command line by `usage`, the text that --help prints (match_usage()). Exits with 0 after
/// --help and --version ("NAME VERSION"), with 2 and one line on stderr (usage_error()) when the arguments do not fit.
/// Throws OutputError when what was asked for could not be printed.
Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words);

}  // namespace md2
