#pragma once

#include "client/options.h"

namespace md2 {

/// Standard input as if typed at the prompt, but only answers are printed. Returns the exit status; throws Error.
int run_piped(const ClientOptions& options);

}  // namespace md2
