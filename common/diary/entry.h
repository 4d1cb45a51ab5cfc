#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/diary/timestamp.h"

namespace md2 {

/// One entry of the diary: what somebody wrote, and when. Time and text together are its identity.
///
/// The diary format is the only form in which an entry exists outside memory: in the diary file, in an outbox, in a
/// `write` request and in what `hi` and `r` send back.
///
///     [2015-10-28 21:26:03.417293+08:00] first line
///     second line
///                                                      <- an empty line ends the entry
///
/// From the second line on, a line that is zero or more spaces and then `[`, or then nothing, is stored with one more
/// space in front and read with one less, as mboxrd does with "From ". So a header or an empty line never appears
/// inside an entry, what ends an entry can be seen without looking further, and encoding is reversible to the byte.
/// Turned down: a length in the header (an editor would make it wrong), quoting (tail -f would show it), JSON lines
/// (nobody reads a diary so).
struct Entry {
  Timestamp time;
  std::string text;

  bool operator==(const Entry&) const = default;
};

inline constexpr std::size_t max_text = std::size_t{1} << 20;  ///< bytes in the text of an entry

/// `[`, the timestamp, `] `.
inline constexpr std::size_t header_length = 1 + timestamp_length + 2;

/// No encoded entry is longer: every byte may be a newline that begins an empty line, which takes one more space.
inline constexpr std::size_t max_encoded = header_length + 2 * max_text + 2;

/// Why no entry can have this text; empty when one can. It must not be empty, be over max_text, hold broken UTF-8 or
/// control characters, or change when it is `trimmed_of_ascii` (common/text/text.h). A text that somebody typed is
/// `trimmed` first, which is more.
std::string entry_error(std::string_view text);

/// The entry in diary format, its ending empty line included. `entry_error(entry.text)` must be empty.
std::string encode(const Entry& entry);

/// The inverse of encode. Nothing unless `bytes` is exactly what encode would give for some entry; `why`, when given,
/// is then set to the reason.
std::optional<Entry> decode(std::string_view bytes, std::string* why = nullptr);

/// The time in a header when `line` begins with one: `[timestamp] `.
std::optional<Timestamp> parse_header(std::string_view line);

inline bool is_header(std::string_view line) {
  return parse_header(line).has_value();
}

/// True for the beginning of a header that is cut off before its end, also before its first byte. The moment need not
/// exist.
bool begins_header(std::string_view text);

/// The text of an entry from its stored lines (all after the header), without a check: what an editor left is shown.
std::string unescaped(std::string_view stored);

}  // namespace md2
