#pragma once

#include <optional>
#include <string>

#include "client/link/connector.h"
#include "client/link/conversation.h"
#include "client/link/exchange.h"
#include "common/net/socket.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// The server of a diary of this user's on this machine, which needs nothing set up: whoever serves the diary holds its
/// lock file, and writes into it where it listens (md4logging(5)). That counts only while the lock is held: a file that
/// a crash, a backup or a sync tool has left says nothing. Where nobody holds it, a server is started. And since the
/// port may by now be another's, the diary that answers must have the identity that lies beside this one.
///
/// What refuses, is silent or is not it: a server that is leaving, or one that is just coming; so it is looked for
/// again until the lock is free, 10 s at most.
class LocalServer {
 public:
  /// The paths of the diary and of the key file that a server is started with.
  LocalServer(std::string diary, const std::string& key_file, Exchange& exchange, Connector& connector);

  /// A connected socket; none when the exchange wants the link to end. Throws Error with the reason, at `limit` or a
  /// second later.
  UniqueFd connect(Clock::Steady limit);

  /// Where connect() has connected to: HOST:PORT.
  const std::string& address() const { return last_; }

  /// The identity that the diary must have to which connect() has connected; empty when it is not known.
  std::string identity() const;

  /// A connection has ended. True when it is too early to tell anybody: it is to be tried again after a moment.
  bool ended(const Ending& ending);

  /// An older server was met. True when it has made way for the one that connect() then starts. With nobody there it
  /// leaves by itself; waits for that until `limit`, and once, until one has greeted: what answers may be another
  /// user's, and whoever keeps it busy may stay.
  bool replaced(Clock::Steady limit);

 private:
  /// What the lock file says.
  struct Lock {
    bool held = false;
    bool tells = false;              ///< whoever holds it says his address, now or in a moment
    std::optional<Address> address;  ///< none: he has not said it
  };

  Lock look() const;
  UniqueFd take_turn();
  bool start(Clock::Steady limit);
  UniqueFd connect_to(const Address& address, Clock::Steady limit);

  std::string diary_;
  std::string key_file_;  ///< empty: the diary's own
  Exchange& exchange_;
  Connector& connector_;
  std::string last_;          ///< address that was connected to
  bool may_start_ = true;     ///< not after a good-bye: somebody wanted it to end
  bool may_replace_ = true;   ///< an old server
  bool at_old_port_ = false;  ///< a server that says nothing of its address was looked for where older ones listen
  std::optional<Clock::Steady> trouble_;  ///< since when one is looked for that greets
};

}  // namespace md2
