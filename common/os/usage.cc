#include "common/os/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "common/os/version.h"

namespace md2 {
namespace {

/// What docopt asks of a usage: the patterns, the names of the options and their defaults. It looks for them with
/// regular expressions, which take some milliseconds to look through the rest.
std::string without_prose(const std::string& usage) {
  std::string out;
  bool patterns = false;
  std::istringstream lines(usage);
  for (std::string text; std::getline(lines, text);) {
    const std::string_view line = text;
    patterns = line.starts_with("Usage:") || (patterns && !line.empty());
    if (patterns || line.empty() || line.starts_with("Options:")) {
      out += line;
    } else if (const std::size_t blanks = line.find_first_not_of(' ');
               blanks > 0 && blanks < line.size() && line[blanks] == '-') {
      const std::size_t names = std::min(line.find("  ", blanks), line.size());
      out += line.substr(0, names);
      out += "  ";
      out += line.substr(std::min(line.find("[default:", names), line.size()));
    } else {
      continue;
    }
    out += '\n';
  }
  return out;
}

}  // namespace

Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words) {
  try {
    return docopt::docopt_parse(without_prose(usage), words, true, true, false);
  } catch (const docopt::DocoptExitHelp&) {
    fmt::print("{}", usage);
    std::exit(0);
  } catch (const docopt::DocoptExitVersion&) {
    fmt::print("{} {}\n", name, version());
    std::exit(0);
  } catch (const docopt::DocoptArgumentError& error) {
    const std::string reason = error.what();
    fmt::print(stderr, "{}: the arguments do not fit the usage{}{}\n{}", name, reason.empty() ? "" : ": ", reason,
               usage);
    std::exit(2);
  }
}

}  // namespace md2
