#pragma once

#include <string>
#include <vector>

namespace md2 {

/// What is wrong with the `words` of a command line that does not fit `usage` (see match_usage()), as
/// one line without a newline: the word that is wrong first, then the pattern that comes nearest to what was meant.
///
///     there is no option '-n': md2client [options] write [--] [TEXT...] (behind -- it is text)
std::string usage_error(const std::string& name, const std::string& usage, const std::vector<std::string>& words);

}  // namespace md2
