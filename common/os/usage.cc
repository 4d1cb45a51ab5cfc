#include "common/os/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/os/usage_error.h"
#include "common/os/version.h"

namespace md2 {
namespace {

/// What docopt asks of a usage: the patterns, the names of the options and their defaults. It looks for them with
/// regular expressions, which take some milliseconds to look through the rest.
std::string without_prose(const std::string& usage) {
  std::string out;
  bool patterns = false;
  std::istringstream lines(usage);
  for (std::string line; std::getline(lines, line);) {
    patterns = line.starts_with("Usage:") || (patterns && !line.empty());
    const std::size_t begin = line.find_first_not_of(' ');
    const bool option = begin != line.npos && begin > 0 && line[begin] == '-';
    if (!patterns && option) {
      const std::size_t names = std::min(line.find("  ", begin), line.size());
      line.erase(names, std::min(line.find("[default:"), line.size()) - names).insert(names, "  ");
    }
    if (patterns || option || line.empty() || line.starts_with("Options:")) out += line + '\n';
  }
  return out;
}

}  // namespace

Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words) {
  try {
    return docopt::docopt_parse(without_prose(usage), words, true, true, false);
  } catch (const docopt::DocoptExitHelp&) {
    put_out(tr(usage));
    std::exit(0);
  } catch (const docopt::DocoptExitVersion&) {
    put_out(fmt::format("{} {}\n", name, version()));
    std::exit(0);
  } catch (const docopt::DocoptArgumentError&) {
    put_err(usage_error(name, usage, words) + '\n');
    std::exit(2);
  }
}

}  // namespace md2
