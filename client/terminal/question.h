#pragma once

#include <optional>
#include <string_view>

#include "client/terminal/signals.h"

namespace md2 {

/// What somebody says when he is asked the same of one thing after the other.
enum class Consent {
  yes,
  no,
  all,   ///< yes, to this and all that follow
  quit,  ///< no, to this and all that follow
};

/// Asks on standard output, which is a terminal in its usual modes, and reads lines of standard input until one is an
/// answer. Nothing at the end of the input, and with `signals` at Ctrl-C; without them Ctrl-C ends the process. Throws
/// Error.
std::optional<Consent> ask_consent(std::string_view question, Signals* signals = nullptr);

/// Asks once, on standard error, and reads a line of standard input: whether it says yes. Throws Error.
bool ask_whether(std::string_view question);

}  // namespace md2
