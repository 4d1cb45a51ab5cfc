#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/ledger.h"
#include "tests/support/server_program.h"

namespace md2::test {

/// A client that speaks the wire protocol itself and so knows of each entry whether it was acknowledged. What it has
/// and was not told to be saved it sends again, as a client must: with SINCE 0.
class Writer {
 public:
  Writer(Ledger& ledger, std::string name) : ledger_(ledger), name_(std::move(name)) {}

  void add(const std::string& text);

  /// Sends all and takes the answers, until all are there or the server has gone.
  void deliver(ServerProgram& server);
  bool done() const { return waiting_.empty(); }

  /// The bytes of every entry that was acknowledged stand in `diary` where the answer said.
  bool all_stand_in(const std::string& diary) const;

 private:
  struct Sent {
    std::string text;
    std::string encoded;
    std::uint64_t offset = 0;
  };

  Ledger& ledger_;
  std::string name_;
  std::deque<Sent> waiting_;
  std::vector<Sent> saved_;
};

}  // namespace md2::test
