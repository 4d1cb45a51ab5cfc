#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace md2 {

/// Why `text` can't stand in an entry or an announcement: broken UTF-8 or a control character (C0 but newline and tab,
/// DEL, C1). Empty when nothing is wrong. The reason names the line, the first of them as `first_line`.
std::string text_error(std::string_view text, std::uint64_t first_line = 1);

/// Drops blank lines at both ends and white space at the end of the last line: is_space() (common/text/character.h),
/// but no control character other than newline and tab.
std::string_view trimmed(std::string_view text);

/// The same of spaces and tabs only: what entries were made of before other blanks counted, and by which an entry that
/// is made is judged. What is stored or on its way keeps its bytes.
std::string_view trimmed_of_ascii(std::string_view text);

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The text as programs of this system have it, whoever brings it: a byte order mark at the beginning, and the CR
/// before a newline or the end, are dropped.
std::string unix_text(std::string_view text);

/// False for what a page would show as nothing: blanks, line ends, and nothing else.
bool has_words(std::string_view text);

bool is_utf8(std::string_view text);

/// Appends `text` to `out` with everything that a terminal could obey made visible: control characters but newline and
/// tab as `^X` (DEL `^?`, C1 as `\x9b`), what rearranges a line as `\u202e`, bytes that are not UTF-8 as U+FFFD. What
/// comes from the network or a file passes through here before it reaches a terminal.
void append_sanitised(std::string& out, std::string_view text);
std::string sanitised(std::string_view text);

}  // namespace md2
