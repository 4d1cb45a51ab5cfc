#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace md2 {

/// Bytes of `diary` that hold the entry `text` (as it was saved, without newlines at its end), with the newlines that
/// end it there; nothing when the diary begins with another entry, or with a longer one. Carriage returns and blanks at
/// the ends of lines don't count: editors and tools add them and take them away. `diary` goes on for longest_form(text)
/// bytes or ends where the file does.
std::optional<std::size_t> same_entry(std::string_view text, std::string_view diary);

/// The same for its lines alone, whatever follows them.
std::optional<std::size_t> same_lines(std::string_view text, std::string_view diary);

/// `before`, what stands in the diary before the header of an entry, ends in a line that is not empty. md2 puts an
/// empty one before each entry: a tool that works on lines, as sort(1), has been here since.
bool is_behind_text(std::string_view before);

/// Equal for entries that same_entry() takes for one another, with the newlines that end them or without.
std::size_t same_entry_hash(std::string_view entry);

/// False where same_entry() would find nothing, as the first bytes of the diary show: that needs no further reading.
bool may_be_same(std::string_view text, std::string_view diary_begin);

/// How many bytes of a diary same_entry() may have to see.
std::size_t longest_form(std::string_view text);

/// Without newlines at its end: editors like to take the empty line away there, or to add one.
std::string_view without_end(std::string_view entry);

}  // namespace md2
