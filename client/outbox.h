#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// The entries that were written and are not yet known to be saved: a file of this client's own, in diary format, so
/// that `cat outbox >> md4logging.log` is a valid rescue. Main thread: put(). Link thread: the rest. One small lock
/// guards the list of entries; no disk access and no wait happens under it but ... (see outbox.cc).
class Outbox {
 public:
  /// An entry on its way to the server.
  struct Item {
    std::uint64_t id = 0;   ///< rises by one from entry to entry in the order of sending
    std::string encoded;    ///< in diary format
    bool in_doubt = false;  ///< may have reached a server before: SINCE must be 0, or follow from the entry before it
  };

  /// `folder` is made when it is missing. `server`, HOST:PORT, is whom the entries are for: only what was left for the
  /// same server by clients that died is adopted. Throws Error.
  Outbox(std::string folder, std::string server);

  /// Entries that a client which died had left, adopted at construction.
  std::size_t adopted() const;

  /// Keeps the encoded entries: they are on stable storage when it returns (one write, one fdatasync). Throws Error when
  /// they can't be kept; then none is.
  void put(const std::vector<std::string>& encoded);

  /// Entries kept and not yet saved.
  std::size_t waiting() const;

  /// The first entry whose id is at least `id`.
  std::optional<Item> get(std::uint64_t id) const;

  /// The entry was given to the socket: from now on it is in doubt.
  void mark_sent(std::uint64_t id);

  /// The entry is in the diary, or was refused for ever: it leaves the outbox.
  void remove(std::uint64_t id);
};

}  // namespace md2
