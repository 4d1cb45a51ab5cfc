#pragma once

#include <stdexcept>
#include <string>

namespace md2 {

/// A failure that ends what the user asked for. The message is a whole sentence for a person: verb, object, reason
/// ("cannot open diary '/x': Permission denied"); `main` prints it on stderr and exits with 1.
class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the number of errno means, in the user's language.
std::string errno_text(int code);

/// "WHAT: text of errno". Read errno before anything else can change it.
std::string with_errno(const std::string& what);

/// Throws Error with `with_errno(what)`.
[[noreturn]] void throw_errno(const std::string& what);

}  // namespace md2
