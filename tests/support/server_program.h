#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/socket.h"
#include "common/net/tls.h"
#include "common/os/unique_fd.h"
#include "tests/support/program.h"

namespace md2::test {

/// A md2server on 127.0.0.1 with the diary and the keys of the sandbox, ready to be connected to. Killed at the end.
/// Take it with WireClient for a test of the wire; ServedDiary and Scene have one.
class ServerProgram {
 public:
  explicit ServerProgram(const Sandbox& sandbox, Command more_arguments = {});

  const Sandbox& sandbox() const { return sandbox_; }
  const Address& address() const { return address_; }
  std::string address_text() const { return to_string(address_); }

  /// The first line of its standard output.
  const std::string& first_line() const { return first_line_; }
  Program& program() { return *program_; }

  /// The client's side of its key, for the wire. Must outlive the channels, and does when the server does.
  ClientTlsContext& tls();

  /// Ends it by the signal and returns its exit status.
  int stop(int signal);

  /// Ends it as a power cut would end it, as far as the program is concerned.
  void kill();

  /// Starts it again on the same port; with a command in front, such as strace(1).
  void start(const Command& in_front = {});

 private:
  const Sandbox& sandbox_;
  Command more_arguments_;
  const UniqueFd port_;  ///< nobody else's while the server is down
  Address address_;
  std::string first_line_;
  std::optional<Program> program_;
  std::unique_ptr<ClientTlsContext> tls_;
};

}  // namespace md2::test
