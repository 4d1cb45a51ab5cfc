#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "client/terminal/wake_pipe.h"
#include "common/net/socket.h"
#include "common/os/unique_fd.h"

namespace md2::test {

/// Stands between clients and a server, in a thread of its own, and writes down every byte that goes over the wire in
/// either direction.
class Recorder {
 public:
  explicit Recorder(Address server);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Where clients are to connect.
  std::string address_text() const { return to_string(bound_address(listener_.get())); }

  /// How many have connected.
  int connections() const { return connections_; }

  /// Ends all connections; what went over them.
  const std::string& stop();

 private:
  struct Pair {
    UniqueFd client;
    UniqueFd server;
  };

  void run();
  void accept();
  bool pass(int from, int to);

  Address server_;
  UniqueFd listener_;
  WakePipe stop_;
  std::vector<Pair> pairs_;
  std::string recording_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace md2::test
