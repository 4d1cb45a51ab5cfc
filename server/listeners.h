#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/net/socket.h"
#include "common/os/unique_fd.h"
#include "server/loop.h"

namespace md2 {

/// Where clients come in: a listening socket for each address of the name that the server was given.
class Listeners {
 public:
  enum class Port {
    as_asked,
    or_any,  ///< one that is free, when another program has the one that was asked for
  };

  /// Throws Error ("cannot listen on ...").
  Listeners(const Address& address, Port port);

  /// Those that were handed over, one at least: see take_passed_sockets().
  explicit Listeners(std::vector<UniqueFd> passed);

  /// HOST:PORT, with the port that was picked: in numbers, or, where a name has several addresses, as it was asked for.
  std::string shown() const;

  /// HOST:PORT in numbers, by which a client on this machine gets here.
  std::string first() const;

  void want(Loop& loop) const;
  bool ready(const Loop& loop) const;

  /// The next client, from each listener in turn; non-blocking, close-on-exec. None: errno says why, EAGAIN when nobody
  /// waits.
  UniqueFd accept();

  /// Nobody comes in any more.
  void close() { sockets_.clear(); }
  bool closed() const { return sockets_.empty(); }

 private:
  Address asked_;
  std::vector<UniqueFd> sockets_;
  std::size_t next_ = 0;
};

}  // namespace md2
