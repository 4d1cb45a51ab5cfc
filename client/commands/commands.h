#pragma once

#include "client/options.h"

namespace md2 {

// The commands of md2client other than the prompt. Each returns the exit status (md2client(1)) and throws Error.

int run_write(const ClientOptions& options);
int run_read(const ClientOptions& options);
int run_import(const ClientOptions& options);
int run_announce(const ClientOptions& options);

/// Standard input as if typed at the prompt, but only answers are printed.
int run_piped(const ClientOptions& options);

}  // namespace md2
