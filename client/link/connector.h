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
/// before it has failed or has not answered within 250 ms; the first that connects wins (as RFC 8305 has it). Where
/// something else answers than the server, another() goes on with those that have not been tried in this *pass*, the
/// way through all addresses from begin_pass() on: none is tried twice in it, whatever the others do.
class Connector {
 public:
  using Time = Clock::Steady;

  /// How long it is no news that a name or a connection is not there.
  struct Patience {
    std::chrono::milliseconds name;
    std::chrono::milliseconds connection;
  };

  Connector(Exchange& exchange, Patience patience) : exchange_(exchange), patience_(patience) {}

  /// All addresses are to be tried (again). One where something else answered goes to the end of the line.
  void begin_pass();

  /// A connected socket; none when the exchange wants the link to end. Gives Event::Kind::late, once in its life, when
  /// patience is at an end. Throws Error with why each address failed, the first one first: at `limit`, or a second
  /// later when the name was found only then. A host that is silent is not there.
  UniqueFd connect(const Address& server, Time limit);

  /// What answered at the address that was connected to last is not the server, `why` says why: the next attempt is
  /// made with the others. False when all of this pass have failed.
  bool another(const std::string& why);

  /// How many addresses another() could still go to.
  std::size_t others() const;

  /// Addresses of this pass have failed for different reasons.
  bool differ() const;

  /// Why each address of this pass has failed, the first one first.
  std::string account(const Address& server) const;

 private:
  struct Attempt;
  struct Failure {
    std::string address;
    std::string why;
  };

  std::vector<SocketAddress> find(const Address& server, Time limit);
  std::vector<SocketAddress> in_order() const;
  UniqueFd race(const Address& server, Time limit);
  void start(const SocketAddress& address, std::vector<Attempt>& attempts);
  bool has_failed(const std::string& address) const;
  std::optional<Time> late_at(std::chrono::milliseconds patience) const;
  void tell_late(const std::string& what);

  Exchange& exchange_;
  Patience patience_;
  Resolver resolver_;
  Time begin_{};  ///< of the attempt
  bool told_late_ = false;
  std::vector<SocketAddress> found_;  ///< at last
  std::string current_;               ///< the one that was connected to last
  std::vector<Failure> failures_;     ///< of this pass
  std::set<std::string> wrong_;       ///< where something else answers
};

}  // namespace md2
