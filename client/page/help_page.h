#pragma once

#include <string>

namespace md2 {

/// The help for a terminal of so many columns: as help_text() (common/diary/help.h) has it where that fits, else in one
/// column, its words whole as far as a row holds them.
std::string help_page(int columns);

}  // namespace md2
