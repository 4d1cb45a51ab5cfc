#pragma once

#include <functional>
#include <string>

#include "client/outbox/known_diaries.h"

namespace md2 {

/// One line that tells how many entries wait in `folder` for other diaries than the one at `server` (see Outbox), for
/// which, where, and what to do; empty when none does. Outboxes of clients that run are not counted: they have somebody
/// who sends them. `is_ours`: of an outbox's recipient. Throws Error.
std::string told_of_waiting_elsewhere(const std::string& folder, const std::string& server,
                                      const std::function<bool(const std::string&)>& is_ours,
                                      const KnownDiaries& known);

}  // namespace md2
