#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "tests/support/wire_client.h"

namespace md2::bench {

/// Clients that do what a server's neighbours should not feel, moved by a thread of their own with low priority.
class Crowd {
 public:
  using Begin = std::function<void(test::WireClient&, std::size_t number)>;
  using Hear = std::function<void(test::WireClient&, std::size_t number, const Message&)>;

  /// Connects them all, then calls `begin` for each, and `hear` for whatever comes to one of them, in the thread.
  Crowd(test::ServerProgram& server, std::size_t clients, Begin begin, Hear hear);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

 private:
  void live();
  void move();

  std::vector<test::WireClient> clients_;
  Begin begin_;
  Hear hear_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace md2::bench
