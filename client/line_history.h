#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// What was typed at the prompt, across runs: readline's history list and the file behind it. Main thread only.
///
/// The file is readline's: before each line its time, `\x1e` and the seconds since 1970, which also keeps lines with
/// newlines in them whole. The mark is a control character, because with readline's usual `#` a line such as `#2024`
/// would be taken for a time. Each line is appended when it is typed (one write), so clients that run at the same time
/// keep each other's lines and a crash loses none. Only load() shortens the file, under a lock that add() takes as
/// well.
class LineHistory {
 public:
  static constexpr int max_lines = 10'000;
  static constexpr int max_bytes = 16 << 20;  ///< of all lines together

  /// Fills readline's list from the file (0600, made with its folder when it is missing). The history of a diary that
  /// can't be kept is no reason not to write: see fault().
  explicit LineHistory(std::string path);

  /// Adds what was typed to the list and to the file. Blank lines and the line that is the last already are left out.
  void add(std::string_view line);

  /// Why lines don't reach the file, as a sentence; empty when they do. Found out once; the list works all the same.
  const std::string& fault() const { return fault_; }

 private:
  void load();
  void append(std::string_view line);

  std::string path_;
  std::string fault_;
};

}  // namespace md2
