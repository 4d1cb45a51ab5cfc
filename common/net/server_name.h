#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// `HOST:PORT`, or the path of a diary, as a part of a file's name: `127.0.0.1_5000`. Different servers give different
/// names, without `/` and `@`, of 180 bytes at most for a path, and none begins with a dot. What is one to the resolver
/// is one here: large and small letters, with or without a dot at the end of the host.
std::string server_name(std::string_view server);

/// The same of a name that an older md2client made, which kept letters and dot.
std::string canonical_server_name(std::string_view name);

/// Back again, for a person.
std::string shown_server_name(std::string_view name);

}  // namespace md2
