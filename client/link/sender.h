#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "client/link/exchange.h"
#include "client/outbox/outbox.h"
#include "common/net/message.h"

namespace md2 {

/// Sends what the outbox holds, in its order, many entries at a time, and takes out what the server has answered for.
/// It knows which SINCE is right for each (md2(7)):
///
/// - An entry that was put while this connection stood, or was sought for the first time, and never sent, cannot lie
///   before the diary's end as last heard of; where the owner has changed the diary since it was put
///   (`cat outbox >> diary`), not before that change.
/// - One that may have been sent before, or that waited without a connection, can lie anywhere, also before one that
///   was sent earlier: its owner may have sorted the diary. SINCE is 0 then; the server looks for many in one pass.
///
/// Lives in the link thread. Knows no socket: send() makes bytes, answered() takes messages.
class Sender {
 public:
  explicit Sender(Outbox& outbox) : outbox_(outbox) {}

  /// A new connection: nothing is under way, and what was is in doubt.
  void connected();

  /// A connection has ended, or could not be had: what was put until now may lie anywhere in what comes next.
  void disconnected();

  /// The owner has changed the diary: before `floor` it is as it was. `change`: how many of these that makes.
  void changed(std::uint64_t floor, std::uint64_t change);

  /// What entries have to be put with from now on (Outbox::put): which connection, and which change was the last.
  std::uint64_t heard() const { return connection_ << 32 | floors_.size(); }

  /// The diary is known to reach up to `offset`.
  void heard_of(std::uint64_t offset);

  /// Entries go out with this SINCE, whatever is heard of later: an importer has looked for them up to there. It is of
  /// one connection. Offset 0 ends it.
  void hold_since(HeldSince since) { held_since_ = since; }

  /// Appends requests to `out` as long as there are entries and it holds less than `limit` bytes.
  void send(std::string& out, std::size_t limit);

  /// An answer to a `write`: saved, refused or failed. A refused entry is given to `tell` and not sent again; it leaves
  /// the outbox when the user was told (Outbox::told()). Throws ProtocolError when nothing was asked.
  void answered(const Message& answer, const std::function<void(const Outbox::Item& refused)>& tell);

  /// The server can't save now (`failed`): nothing is sent until retry().
  bool failing() const { return failing_; }
  void retry() { failing_ = false; }

  /// No answer is awaited.
  bool quiet() const { return under_way_.empty(); }

 private:
  struct Sent {
    std::uint64_t id;
    std::size_t size;  ///< of the encoded entry, in bytes
  };

  std::uint64_t since_of_new(const Outbox::Item& item) const;

  Outbox& outbox_;
  std::uint64_t connection_ = 1;       ///< or the first attempt to get one
  std::vector<std::uint64_t> floors_;  ///< of each change, in their order
  std::deque<Sent> under_way_;         ///< in the order of sending, which is the order of the answers
  std::uint64_t next_id_ = 0;          ///< entries before it are under way or done
  std::set<std::uint64_t> refused_;    ///< ids; some of them may wait for the user to be told
  std::uint64_t end_ = 0;              ///< the diary's, as last heard of
  bool end_is_old_ = false;            ///< it was heard of before the last change
  HeldSince held_since_;
  bool failing_ = false;
};

}  // namespace md2
