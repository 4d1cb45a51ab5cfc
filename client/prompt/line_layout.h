#pragma once

#include <cstddef>
#include <string_view>

namespace md2 {

/// How many rows stand above the cursor after a terminal that was `old_columns` wide has become `columns` wide and has
/// reflowed what readline drew: the prompt, then the line. Readline's own answer to a new width leaves
/// ghosts of the prompt or eats the row above it, because it reckons without the reflow.
///
/// `cursor` is a byte offset in `line`. The prompt may hold what is not shown between \001 and \002. Needs a UTF-8
/// locale (wcwidth(3)); widths of at least 1.
int rows_above_cursor(std::string_view prompt, std::string_view line, std::size_t cursor, int old_columns, int columns);

}  // namespace md2
