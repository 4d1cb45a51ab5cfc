#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// What a line means, at the prompt and in piped input.
struct Line {
  enum class Kind {
    nothing,  ///< only white space
    entry,
    diary,  ///< `hi`, `r`
    query,  ///< `/` and what is asked
    help,   ///< `?`, `？`
    quit,
  };
  Kind kind = Kind::nothing;
  std::string text;  ///< of an entry, trimmed, or of a query
};

/// Only a line that is exactly a command is one; a leading space, which is dropped, makes an entry of anything.
Line parse_line(std::string_view line);

}  // namespace md2
