#pragma once

#include <optional>
#include <string>

#include "common/net/keys.h"
#include "common/net/socket.h"

namespace md2 {

/// What was asked of md2server on its command line, defaults filled in.
struct ServerOptions {
  std::optional<Address> listen;  ///< when not given: the Address that there is without
  std::string diary;              ///< path
  std::string keys;               ///< path
  bool until_idle = false;
  std::optional<std::string> new_key;  ///< make this key and leave
  Rights rights = Rights::all;         ///< of that key
  bool purge = false;                  ///< make corrections final and leave
  bool own_keys = false;               ///< nobody named `keys`: it is the diary's own file
  bool any_port = false;               ///< of that host, when another program has this one
};

/// Reads the command line by the usage text. Prints and exits for --help and --version (0) and for what can't
/// be understood (2, on stderr). Throws Error when there is no folder for the defaults.
ServerOptions parse_server_options(int argc, char** argv);

}  // namespace md2
