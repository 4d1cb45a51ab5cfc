#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace md2::test {

inline std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The file as it is; empty when it is missing.
std::string read_file(const std::string& path);

/// All files in the folder whose names end so, one after another; nothing when the folder is missing.
std::string read_files(const std::string& folder, std::string_view ending);

void write_file(const std::string& path, const std::string& contents);

/// As `cat >> path` does it.
void append_by_hand(const std::string& path, const std::string& bytes);

/// As vim does it: a new file is written and takes the name.
void replace_by_hand(const std::string& path, const std::string& contents);

/// Waits until `holds` is true of what the file at `path` contains (nothing when it is missing), woken by inotify(7).
/// Returns the contents. Throws Failure, with the contents. Meanwhile nobody takes what programs write: one that has
/// more to say than its pipe or terminal holds waits as well.
std::string wait_for_file(const std::string& path, const std::function<bool(const std::string&)>& holds);

}  // namespace md2::test
