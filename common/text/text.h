#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// Why `text` can't stand in an entry or an announcement: broken UTF-8 or a control character (C0 but newline and tab,
/// DEL, C1). Empty when nothing is wrong. The reason names the line, counted from 1.
std::string text_error(std::string_view text);

/// Drops blank lines (of spaces and tabs) at both ends and white space at the end of the last line.
std::string_view trimmed(std::string_view text);

/// Appends `text` to `out` with everything that a terminal could obey made visible: control characters but newline and
/// tab as `^X` (DEL `^?`, C1 as `\x9b`), what rearranges a line as `\u202e`, bytes that are not UTF-8 as U+FFFD. What
/// comes from the network or a file passes through here before it reaches a terminal.
void append_sanitised(std::string& out, std::string_view text);
std::string sanitised(std::string_view text);

}  // namespace md2
