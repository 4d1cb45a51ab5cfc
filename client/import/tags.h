#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// The tag of that name, `#` included: what no tag can hold (blanks, punctuation) becomes `_`. Empty for a name of
/// nothing else.
std::string tag_named(std::string_view name);

/// Adds those of the tags that the text does not have: behind its last line, on one of their own.
void add_tags(std::string& text, const std::vector<std::string>& names);

}  // namespace md2
