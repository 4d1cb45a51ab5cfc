#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "tests/support/ledger.h"
#include "tests/support/server.h"

namespace md2::test {

/// strace(1) in front of a program: the n-th of these system calls (of one thread) has the fate, such as
/// `signal=SIGKILL` (before the call runs) or `error=EIO`. With `paths`, only calls on these files count.
Command injected(const std::string& call, int n, const std::string& fate, const std::vector<std::string>& paths = {});

/// A client that speaks the wire protocol itself and so knows of each entry whether it was acknowledged. What it has
/// and was not told to be saved it sends again, as a client must: with SINCE 0.
class Writer {
 public:
  Writer(Ledger& ledger, std::string name) : ledger_(ledger), name_(std::move(name)) {}

  void add(const std::string& text);

  /// Sends all and takes the answers, until all are there or the server has gone.
  void deliver(Server& server);
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

/// A server that may die, those who write, and the account of it all. The server runs when a scene begins.
struct Scene {
  Sandbox sandbox;
  Ledger ledger;
  Server server{sandbox};
  std::string outbox = sandbox.state() + "/outbox";

  Scene();

  /// md2client with the server's address (or another one) and the arguments.
  Command client(const Command& arguments = {}) const { return client_of(server.address_text(), arguments); }
  static Command client_of(const std::string& address, const Command& arguments = {});

  std::string diary() const { return read_file(sandbox.diary()); }
  std::string outboxes() const { return read_all(outbox, ".outbox"); }

  /// Starts the server with strace before it. False when it did not come up.
  bool start_injected(const Command& injection);

  /// A client without input: it adopts what was left and sends it.
  Result adopt() { return run(sandbox, client()); }

  /// Everything was delivered, once, and no outbox is left. Checks, and counts into the tally.
  void check_all();
};

}  // namespace md2::test
