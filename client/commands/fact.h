#pragma once

#include <string>
#include <string_view>

namespace md2 {

/// Appends a line `LABEL     TEXT`, the text from the eleventh column on and broken there into rows of a terminal of so
/// many columns, 0: none. It must be harmless (common/text/text.h), the label have at most nine columns.
void append_fact(std::string& out, std::string_view label, const std::string& text, int columns);

}  // namespace md2
