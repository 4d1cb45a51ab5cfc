#pragma once

#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/ledger.h"
#include "tests/support/server_program.h"

namespace md2::test {

inline constexpr int killed = 128 + 9;  ///< exit_status of a program that SIGKILL has ended

/// strace(1) in front of a program: the n-th of these system calls (of one thread) has the fate, such as
/// `signal=SIGKILL` (before the call runs) or `error=EIO`. With `paths`, only calls on these files count.
Command injected(const std::string& call, int n, const std::string& fate, const std::vector<std::string>& paths = {});

/// A server that may die, those who write, and the account of it all: every test of a fault begins with one. The server
/// runs when a scene begins.
struct Scene {
  Sandbox sandbox;
  Ledger ledger;
  ServerProgram server{sandbox};
  std::string outbox = sandbox.state() + "/outbox";

  Scene();

  /// md2client with the server's address (or another one) and the arguments.
  Command client(const Command& arguments = {}) const { return client_of(server.address_text(), arguments); }
  static Command client_of(const std::string& address, const Command& arguments = {});

  std::string diary() const { return read_file(sandbox.diary()); }
  std::string outboxes() const { return read_files(outbox, ".outbox"); }

  /// Starts the server with strace before it. False when it did not come up.
  bool start_injected(const Command& injection);

  /// Gives so many lines of `name` to a client with the command in front. Returns its exit_status; with 0 all are
  /// acknowledged, with 75 all are kept, else those that stand in an outbox are.
  int feed_client(const std::string& name, const Command& injection, int lines);

  /// What the lines are that a client of this name is given.
  static std::string line(const std::string& name, int number);

  /// Notes what the exit status of a client says of its lines.
  void note_end(const std::string& name, int lines, int status);

  /// A client without input: it adopts what was left and sends it.
  Result adopt() { return run(sandbox, client()); }

  /// Everything was delivered, once, and no outbox is left. Checks, and counts into the tally.
  void check_all();
};

}  // namespace md2::test
