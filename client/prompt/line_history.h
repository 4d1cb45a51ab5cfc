#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace md2 {

/// The path of the line history of the diary that has this name; empty for one without. Throws Error when there is no
/// folder for it.
std::string line_history_of(const std::string& diary_name);

/// What was typed at the prompt, across runs: readline's history list and the file behind it. Main thread only.
///
/// In the file each line stands below its time, a mark and the seconds since 1970, as readline and bash write it:
///
///     \x1e1445783163
///     the first line of what was typed
///     the second
///
/// A line that begins with the mark itself is stored with one more. The mark is the control character "record
/// separator", because with readline's usual `#` a line such as `#2024` would be taken for a time. Readline's own
/// reading was turned down: it drops empty lines, and so joins the paragraphs of what was pasted.
///
/// Each line is appended when it is typed (one write), so clients that run at the same time keep each other's lines and
/// a crash loses none. Only the next start shortens the file, by replacing it, under a lock that add() takes as well.
class LineHistory {
 public:
  static constexpr std::size_t max_lines = 10'000;
  static constexpr std::size_t max_bytes = std::size_t{16} << 20;  ///< in the file, times included

  /// Fills readline's list from the file (0600, made with its folder when it is missing). That the history of a diary
  /// can't be kept is no reason not to write: see take_fault().
  explicit LineHistory(std::string path);

  /// Adds what was typed to the list and to the file. Blank lines and the line that is the last already are left out.
  void add(std::string_view line);

  /// Why lines don't reach the file from now on, as a sentence that is given once; empty when they do. The list works
  /// all the same.
  std::string take_fault() { return std::exchange(fault_, {}); }

 private:
  void load();
  void append(std::string_view line) const;
  void give_up(const std::string& fault);

  std::string path_;  ///< empty when the file was given up
  std::string fault_;
};

}  // namespace md2
