#include "common/os/usage.h"

#include <fmt/format.h>

#include <cstdlib>

#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/os/usage_error.h"
#include "common/os/version.h"

namespace md2 {

Arguments parse_arguments(const std::string& name, const std::string& usage, const std::vector<std::string>& words) {
  CommandLine line = match_usage(usage, words);
  switch (line.kind) {
    case CommandLine::Kind::fits:
      return std::move(line.arguments);
    case CommandLine::Kind::help:
      put_out(tr(usage));
      std::exit(0);
    case CommandLine::Kind::version:
      put_out(fmt::format("{} {}\n", name, version()));
      std::exit(0);
    case CommandLine::Kind::wrong:
      break;
  }
  put_err(usage_error(name, usage, words) + '\n');
  std::exit(2);
}

}  // namespace md2
