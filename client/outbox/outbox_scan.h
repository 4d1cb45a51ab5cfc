#pragma once

#include <cstdint>
#include <string>

#include "client/outbox/outbox_file.h"
#include "client/outbox/outbox_index.h"

namespace md2 {

/// What stands in an outbox that a dead client has left.
struct OutboxScan {
  OutboxIndex index;     ///< every entry that is whole, in doubt
  std::string notice;    ///< a line for the user about bytes that are none; empty when there are none
  bool damaged = false;  ///< the file itself holds such bytes: it must be set aside, not removed, when all else is sent
};

/// Reads the file from its beginning, in pieces. The dead client may have been stopped inside a write, or the power may
/// have gone: at the end there may be a beginning of an entry, zeros, half a character. That was never promised to be
/// kept, for put() had not returned; it is moved to FILE.torn.TIME. Unlike the diary (server/diary/torn_end.h) an
/// outbox has no owner who edits it: whatever does not decode is damage. Throws Error when the file can't be read.
OutboxScan scan_outbox(OutboxFile& file, std::uint64_t first_id);

}  // namespace md2
