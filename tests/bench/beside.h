#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/bench/bench.h"

namespace md2::bench {

/// Whoever is there while it lives is the load.
using Neighbours = std::shared_ptr<void>;

/// What one writer waits for its `saved` beside a load.
struct Row {
  std::string name;
  std::function<Neighbours(test::ServerProgram&)> begin;
  Claim worst = at_most(60, "ms");
  Claim memory = {};
  Claim tail = {};  ///< of the 99th percentile
  std::chrono::seconds time = std::chrono::seconds(2);
  bool change = false;  ///< the load is one, and the writer hears of it before it writes
};

/// Gives a server for a round, in a state of its own if need be.
using ServerFor = std::function<Kept&()>;

/// Lines of the table: the writer's p50, p99 and worst beside the load and beside nobody, what a signal waits until it
/// is heard, and the server's memory. Each is the median of a few rounds; each round begins with nobody, on the same
/// server.
void measure_beside(Bench& bench, const Row& row, const ServerFor& server_for);

}  // namespace md2::bench
