#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "client/outbox/known_diaries.h"

namespace md2 {

/// What waits in a folder of outboxes for other diaries than the one that this is about.
struct WaitingElsewhere {
  std::map<std::string, std::size_t> entries_of;  ///< of each recipient, see OutboxFile::recipient_of()
  std::size_t entries = 0;
  bool more = false;  ///< may be there than were counted
  std::vector<std::string> paths;
};

/// Outboxes of clients that run are not counted: they have somebody who sends them. `is_ours`: of an outbox's
/// recipient. Throws Error.
WaitingElsewhere find_waiting_elsewhere(const std::string& folder,
                                        const std::function<bool(const std::string&)>& is_ours);

/// `2` or `at least 2`, `diary 0f3a5c8e that was at HOST:PORT: 2, HOST:PORT: 1`, as both stand in a sentence; whose
/// alone where it is one.
std::string number_of(const WaitingElsewhere& waiting);
std::string recipients_of(const WaitingElsewhere& waiting, const KnownDiaries& known);

/// One line that tells how many entries wait for other diaries than this one, for which, where, and what to do; empty
/// when none does. `called`: what stands behind -s for this one; empty: nothing has to.
std::string told_of_waiting_elsewhere(const WaitingElsewhere& waiting, const std::string& called,
                                      const KnownDiaries& known);

}  // namespace md2
