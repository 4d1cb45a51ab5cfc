#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <thread>

#include "client/terminal/wake_pipe.h"
#include "common/net/socket.h"
#include "common/os/unique_fd.h"

namespace md2::test {

/// Stands between clients and a server and does to connections what networks do.
class Proxy {
 public:
  enum class Fault {
    close,  ///< both ends see the end of the stream
    reset,  ///< both ends see a reset: what was under way is gone
    flip,   ///< a bit of the last of these bytes arrives as another; what follows passes
    stall,  ///< nothing passes any more in either direction, until release() or let_pass()
  };
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  struct Plan {
    std::size_t up = never;    ///< bytes from client to server before the fault
    std::size_t down = never;  ///< the same from server to client
    Fault fault = Fault::close;
  };

  /// `plan` is for the first connection; later ones pass untouched.
  Proxy(const Address& server, Plan plan);

  /// Each connection gets a plan of its own, which is asked for in a thread of the proxy's.
  Proxy(std::function<Plan()> next_plan, const Address& server);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::string address_text() const { return to_string(bound_address(listener_.get())); }

  /// Bytes that passed in the first connection.
  std::size_t up() const { return passed_[0]; }
  std::size_t down() const { return passed_[1]; }

  /// The fault has happened.
  bool struck() const { return struck_; }

  /// Ends a connection that stalls.
  void release();

  /// A connection that stalls goes on, with nothing lost and no further fault.
  void let_pass();

 private:
  struct Pair {
    UniqueFd ends[2];  ///< the client's, the server's
    Plan plan;
    bool first = false;
    bool stalled = false;
    std::array<std::size_t, 2> passed{};
  };

  void run();
  void pass(Pair& pair, int from);
  void strike(Pair& pair);

  const Address server_;
  const std::function<Plan()> next_plan_;
  UniqueFd listener_;
  WakePipe wake_;
  std::array<std::atomic<std::size_t>, 2> passed_{};
  std::atomic<bool> struck_ = false;
  std::atomic<bool> released_ = false;
  std::atomic<bool> passing_ = false;
  std::atomic<bool> ending_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace md2::test
