#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "tests/sim/random.h"

namespace md2::sim {

/// One direction of a connection: bytes come whole and in order, later, in any pieces, until it is cut.
class Wire {
 public:
  void send(std::string_view bytes, std::int64_t arrives) {
    if (bytes.empty() || closed_) return;
    flying_.push_back({std::max(arrives, flying_.empty() ? arrives : flying_.back().arrives), std::string(bytes)});
  }

  /// What has arrived, `limit` bytes at most.
  std::string receive(std::int64_t now, std::size_t limit) {
    std::string out;
    while (!flying_.empty() && flying_.front().arrives <= now && out.size() < limit) {
      Flight& first = flying_.front();
      const std::size_t count = std::min(first.bytes.size(), limit - out.size());
      out += first.bytes.substr(0, count);
      first.bytes.erase(0, count);
      if (first.bytes.empty()) flying_.pop_front();
    }
    return out;
  }

  /// The sender has ended; what flies still comes.
  void close() { closed_ = true; }

  /// What flies arrives up to some byte, and nothing behind it ever.
  void cut(Random& random) {
    std::size_t left = random.below(in_flight() + 1);
    for (Flight& flight : flying_) {
      flight.bytes.resize(std::min(flight.bytes.size(), left));
      left -= flight.bytes.size();
    }
    std::erase_if(flying_, [](const Flight& flight) { return flight.bytes.empty(); });
    closed_ = true;
  }

  bool ended() const { return closed_ && flying_.empty(); }
  std::size_t in_flight() const {
    std::size_t bytes = 0;
    for (const Flight& flight : flying_) bytes += flight.bytes.size();
    return bytes;
  }

 private:
  struct Flight {
    std::int64_t arrives;  ///< microseconds
    std::string bytes;
  };

  std::deque<Flight> flying_;
  bool closed_ = false;
};

/// How long bytes are under way, in microseconds: mostly little, at times long.
inline std::int64_t delay(Random& random) {
  return static_cast<std::int64_t>(random.below(random.chance(100) ? 60'000 : 4'000));
}

/// A client's connection to a server, as both see it. A plain one: TLS has suites of its own.
struct Connection {
  Wire to_server;
  Wire to_client;

  void cut(Random& random) {
    to_server.cut(random);
    to_client.cut(random);
  }
};

}  // namespace md2::sim
