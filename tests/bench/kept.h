#pragma once

#include <cstddef>
#include <string>

#include "tests/support/server_program.h"

namespace md2::bench {

inline constexpr std::size_t entry_size = 200;    ///< bytes of every entry in diary format
inline constexpr const char* rare_word = "琥珀";  ///< stands in three entries

/// A diary of that many entries and the server that keeps it. The text is Chinese, always the same, and it begins in
/// 2010.
class Kept {
 public:
  explicit Kept(std::size_t entries, std::size_t corrections = 0);

  const test::Sandbox& sandbox() const { return sandbox_; }
  test::ServerProgram& server() { return server_; }
  std::string diary() const { return sandbox_.diary(); }

  /// Ends the server, which start() of it begins anew. Throws test::Failure when it does not end as it should.
  void stop();

  /// The command line of a client of the server. Without a pager.
  test::Command client(const test::Command& more);

 private:
  static const test::Sandbox& prepare(test::Sandbox& sandbox, std::size_t entries, std::size_t corrections);

  test::Sandbox sandbox_;
  test::ServerProgram server_;
};

/// Just the file. The corrections stand all over it, each a thousand entries behind the one that it corrects.
void make_diary(const std::string& path, std::size_t entries, std::size_t corrections = 0);

}  // namespace md2::bench
