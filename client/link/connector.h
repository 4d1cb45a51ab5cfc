#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/link/exchange.h"
#include "client/link/resolver.h"
#include "common/net/socket.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// Gets connections to a server. All addresses of its name are tried, IPv6 and IPv4 in turn, the next one when the one
/// before it has failed or has not answered within 250 ms; the first that connects wins (as RFC 8305 has it). An
/// address where something else answers than the server goes to the end of the line: see another().
class Connector {
 public:
  /// How long it is no news that a name or a connection is not there.
  struct Patience {
    std::chrono::milliseconds name;
    std::chrono::milliseconds connection;
  };

  Connector(Exchange& exchange, Patience patience) : exchange_(exchange), patience_(patience) {}

  /// A connected socket; none when the exchange wants the link to end. Gives Event::Kind::late, once in its life, when
  /// patience is at an end. Throws Error with the reason, at the latest after 10 s for the name and 10 s for the
  /// connection: a host that is silent is not there.
  UniqueFd connect(const Address& server);

  /// What answered at the address that was connected to last is not the server: the next attempt begins with the
  /// others. False when all have been tried; then all are as good as before.
  bool another();

 private:
  std::vector<SocketAddress> find(const Address& server);
  std::vector<SocketAddress> in_order(const std::vector<SocketAddress>& found) const;
  UniqueFd race(const std::vector<SocketAddress>& addresses, const std::string& server);
  std::optional<Clock::Steady> late_at(std::chrono::milliseconds patience) const;
  void tell_late(const std::string& what);

  Exchange& exchange_;
  Patience patience_;
  Resolver resolver_;
  Clock::Steady begin_{};  ///< of the attempt
  bool told_late_ = false;
  std::vector<SocketAddress> found_;  ///< at last
  std::string current_;               ///< the one that was connected to last
  std::set<std::string> wrong_;       ///< where something else answers
};

}  // namespace md2
