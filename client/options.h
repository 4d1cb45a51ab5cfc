#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/net/socket.h"

namespace md2 {

/// What was asked of md2client on its command line, defaults filled in.
struct ClientOptions {
  enum class Command { prompt, write, read, edit, strike, tags, calendar, statistics, status, import, announce };

  Command command = Command::prompt;
  std::string diary;  ///< path of a diary of this machine, which LocalServer serves; empty: `server`
  Address server;
  std::string keys;                 ///< path
  std::string shared_keys;          ///< path of those that are tried while `keys` is missing; empty for none
  std::string outbox;               ///< folder
  std::string name;                 ///< of the diary in the configuration; empty for `default` and for an address
  std::string times;                ///< path of what EntryClock remembers; empty: nowhere
  std::string text;                 ///< of `write` and `announce`, or a query; its words joined by spaces
  bool has_text = false;            ///< `write` without any takes standard input
  std::optional<std::string> at;    ///< of `write`: the time that was asked for
  std::string start;                ///< a query: what the prompt shows at its start; empty: the whole diary
  bool greeting = true;             ///< at the start, a line of this day in earlier years
  bool json = false;                ///< `read` answers in JSON
  bool follow = false;              ///< `read` goes on with what comes
  bool html = false;                ///< `read` answers with a page for a browser
  bool all = false;                 ///< of `read` and `edit`: everything as it was written
  bool yes = false;                 ///< of `edit` and `delete`: strike out without a question
  std::vector<std::string> files;   ///< of `import`; standard input when none
  std::optional<std::string> from;  ///< the format of all of them, as it was named
  std::optional<std::string> encoding;
  bool dry_run = false;
  bool again = false;
};

/// Reads the command line by the usage text, and what it leaves open from the environment and then from the
/// configuration (client/config.h); what is wrong there goes to stderr and costs nothing else. Prints and exits for
/// --help and --version (0) and for what can't be understood (2, on stderr). Throws Error when there is no folder for
/// the defaults.
ClientOptions parse_client_options(int argc, char** argv);

}  // namespace md2
