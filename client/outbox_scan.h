#pragma once

#include <cstdint>
#include <string>

#include "client/outbox_file.h"
#include "client/outbox_index.h"

namespace md2 {

/// What stands in an outbox that a dead client has left.
struct OutboxScan {
  OutboxIndex index;       ///< every entry that is whole, in doubt
  std::string notice;      ///< a line for the user about what is not; empty when all is
  bool must_stay = false;  ///< damage could not be moved aside: the file must not be removed
};

/// Reads the file from its beginning, in pieces. The dead client may have been stopped inside a write, or the power
/// may have gone: what is no whole entry (a beginning of one, zeros, half a character) is moved aside, see
/// OutboxFile::move_aside. It was never promised to be kept, because put() had not returned. Throws Error when the file
/// can't be read.
OutboxScan scan_outbox(OutboxFile& file, std::uint64_t first_id);

}  // namespace md2
