#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/net/socket.h"

namespace md2 {

/// What was asked of md2client on its command line, defaults filled in.
struct ClientOptions {
  enum class Command { prompt, write, read, tags, calendar, statistics, import, announce };

  Command command = Command::prompt;
  Address server;
  bool default_server = true;       ///< none was named: it is that of this user's own diary, see LocalServer
  std::string keys;                 ///< path
  std::string shared_keys;          ///< path of those that are tried while `keys` is missing; empty for none
  std::string outbox;               ///< folder
  std::string times;                ///< path of what EntryClock remembers; empty: nowhere
  std::string text;                 ///< of `write` and `announce`, or a query; its words joined by spaces
  bool has_text = false;            ///< `write` without any takes standard input
  std::optional<std::string> at;    ///< of `write`: the time that was asked for
  bool json = false;                ///< `read` answers in JSON
  std::vector<std::string> files;   ///< of `import`; standard input when none
  std::optional<std::string> from;  ///< the format of all of them, as it was named
};

/// Reads the command line by the usage text (docopt). Prints and exits for --help and --version (0) and for what can't
/// be understood (2, on stderr). Throws Error when there is no folder for the defaults.
ClientOptions parse_client_options(int argc, char** argv);

}  // namespace md2
