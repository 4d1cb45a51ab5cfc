#pragma once

#include "client/options.h"

namespace md2 {

/// `md2client write`: one entry. Returns the exit status; throws Error.
int run_write(const ClientOptions& options);

}  // namespace md2
