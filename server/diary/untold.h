#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace md2 {

/// What the owner has to learn about his diary, and no prompt has shown him yet: lines, kept beside the diary in
/// `FILE.untold` (0600) so that a server that ends takes none along.
class Untold {
 public:
  /// Reads what an earlier server left. Throws Error when that is there and can't be read.
  explicit Untold(std::string path);

  /// A line more. When the disk can't take it, it is remembered as long as this server runs.
  void add(std::string_view line);

  /// All lines; empty when there is nothing to tell. At most 16 KiB, the newest.
  const std::string& text() const { return text_; }

  /// Another after each add(): which text it was.
  std::uint64_t version() const { return version_; }

  /// A prompt has shown the text of that version: when it is still the same, it goes.
  void told(std::uint64_t version);

 private:
  std::string path_;
  std::string text_;
  std::uint64_t version_ = 0;
};

}  // namespace md2
