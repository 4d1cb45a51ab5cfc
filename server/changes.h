#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "common/net/message.h"

namespace md2 {

/// The owner's changes that one client was told of, and what an offset that it heard of before them is worth after
/// them: its `write` says how many it had heard of by then (md2(7)). Only those that it has not yet answered are kept,
/// and of many the first as one: a program may add to the diary each second, and a client may never write.
class Changes {
 public:
  static constexpr std::size_t most = 64;

  /// One more: up to `floor` the diary is as it was. Returns the message that tells of it.
  Message tell(std::uint64_t floor);

  /// Where the entry cannot stand before, whatever the owner has done since the client heard of that offset. A client's
  /// count never falls.
  std::uint64_t since_of(const Message& write);

  std::size_t kept() const { return floors_.size(); }

 private:
  std::deque<std::uint64_t> floors_;  ///< of the last ones; the first is no higher than that of any before it
  std::uint64_t told_ = 0;            ///< of how many
};

}  // namespace md2
