#pragma once

#include "client/options.h"

namespace md2 {

/// `md2client import`: old diaries as entries, see format.h and Importer. Returns the exit status. Throws Error before
/// anything is kept, not later: see Client::account.
int run_import(const ClientOptions& options);

}  // namespace md2
