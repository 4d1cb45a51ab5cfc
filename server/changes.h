#pragma once

#include <cstdint>
#include <deque>

#include "common/net/message.h"

namespace md2 {

/// The owner's changes that one client was told of, and what an offset that it heard of before them is worth after
/// them: its `write` says how many it had heard of by then (md2(7)). Only those that it has not yet answered are kept.
class Changes {
 public:
  /// One more: up to `floor` the diary is as it was. Returns the message that tells of it.
  Message tell(std::uint64_t floor);

  /// Where the entry cannot stand before, whatever the owner has done since the client heard of that offset. A client's
  /// count never falls.
  std::uint64_t since_of(const Message& write);

 private:
  std::deque<std::uint64_t> floors_;
  std::uint64_t told_ = 0;  ///< of how many
};

}  // namespace md2
