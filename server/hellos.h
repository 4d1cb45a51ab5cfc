#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_set>

namespace md2 {

/// The last ClientHellos that a key of ours has signed. Whoever has recorded one can play it back as often as he likes,
/// and each time the server must answer before it can see that nothing more comes. What was here before proves nothing.
///
/// Only who holds a key can add to it, so strangers can't make it forget: `most` other handshakes must have come since.
class Hellos {
 public:
  static constexpr std::size_t most = 4096;  ///< about 0.3 MiB

  /// `random`: of the client's random bytes (RFC 8446, 4.1.2), the first eight. False when it is known; else it is from
  /// now on.
  bool take(std::uint64_t random);

 private:
  std::unordered_set<std::uint64_t> known_;
  std::deque<std::uint64_t> in_order_;
};

}  // namespace md2
