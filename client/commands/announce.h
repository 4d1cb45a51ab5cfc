#pragma once

#include "client/options.h"

namespace md2 {

/// `md2client announce`: a line to everybody who is at a prompt. Returns the exit status; throws Error.
int run_announce(const ClientOptions& options);

}  // namespace md2
