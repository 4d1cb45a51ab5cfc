#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/screen.h"
#include "tests/support/server.h"
#include "tests/support/wire.h"

namespace md2::test {

using Rows = std::vector<std::string>;

inline constexpr int prompt_width = 8;  ///< columns of `当下>>> `

/// A server whose diary holds one line, and somebody else who is connected to it.
class Desk {
 public:
  Desk() : server(begin_diary(sandbox)) {}

  Sandbox sandbox;
  Server server;

  /// The command line of a client of the server.
  Command client(Command more = {}) const;

  /// Somebody else says something to everybody at a prompt, of whom there are `count`.
  void announce(const std::string& text, std::uint64_t count = 1);

  /// Somebody else writes an entry. Returns it in diary format.
  std::string write(const std::string& text);

 private:
  static const Sandbox& begin_diary(const Sandbox& sandbox);

  int written_ = 0;
};

/// What the diary of a desk begins with, as it stands there. It is no entry.
inline constexpr const char* first_line = "从前\n\n";

/// Waits until the diary holds so many entries. Returns their texts.
std::vector<std::string> wait_for_entries(const Sandbox& sandbox, std::size_t count);

/// Waits until a client that was just started has shown the diary and follows it, and stands at an empty prompt.
void wait_for_prompt(Screen& screen);

/// Waits until the screen is as it is now but for the rows `above`, which stand above the row that begins with
/// `prompt`, and the cursor is in the same place of the line.
class Untouched {
 public:
  explicit Untouched(Screen& screen, const std::string& prompt = "当下>>>");
  void wait_with(const std::vector<std::string>& above);

 private:
  Screen& screen_;
  std::vector<std::string> rows_;
  std::size_t prompt_row_;
  Position cursor_;
};

/// `text`, `count` times.
std::string repeated(const std::string& text, int count);

}  // namespace md2::test
