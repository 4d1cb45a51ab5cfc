#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/screen.h"
#include "tests/support/server_program.h"
#include "tests/support/wire_client.h"

namespace md2::test {

using Rows = std::vector<std::string>;

inline constexpr int prompt_width = 8;  ///< columns of `当下>>> `

/// What a diary begins with when nothing else is wanted. It is no entry.
inline constexpr const char* first_line = "从前\n\n";

/// A diary with a server, in a sandbox of its own, and somebody else who writes to it and speaks to everybody. Take it
/// for a test of the client; one of the wire takes ServerProgram and WireClient, one of faults Scene.
class ServedDiary {
 public:
  explicit ServedDiary(const std::string& diary = first_line) : server(sandbox_with(diary)) {}

  Sandbox sandbox;
  ServerProgram server;

  /// The command line of a client of the server.
  Command client(const Command& more = {}) const;

  /// Where the clients of a sandbox have the key of this server.
  std::string key_file(const Sandbox& clients) const;

  /// What `md2client read` with this query gives.
  Result read(const Command& query) const;

  /// Somebody else says something to everybody at a prompt, of whom there are `count`.
  void announce(const std::string& text, std::uint64_t count = 1);

  /// Somebody else writes an entry. Returns it in diary format.
  std::string write(const std::string& text);

 private:
  const Sandbox& sandbox_with(const std::string& diary);

  int written_ = 0;
};

/// Waits until the diary holds so many entries. Returns their texts.
std::vector<std::string> wait_for_entries(const Sandbox& sandbox, std::size_t count);

/// Waits until a client that was just started has shown the diary and follows it, and stands at an empty prompt.
void wait_for_prompt(Screen& screen);

}  // namespace md2::test
