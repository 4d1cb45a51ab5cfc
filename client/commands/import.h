#pragma once

#include "client/options.h"

namespace md2 {

/// `md2client import`: a file or standard input as entries, see Importer. Returns the exit status; throws Error.
int run_import(const ClientOptions& options);

}  // namespace md2
