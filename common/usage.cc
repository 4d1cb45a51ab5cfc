#include "common/usage.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "common/version.h"

namespace md2 {

Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words) {
  try {
    return docopt::docopt_parse(usage, words, true, true, false);
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
