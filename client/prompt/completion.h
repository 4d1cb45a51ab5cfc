#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// Gives the tags of the diary that begin with `prefix`; both with their `#`.
using TagsWithPrefix = std::function<std::vector<std::string>(std::string_view prefix)>;

/// What ends a word that Tab completes. `#` begins one as well, without a space before it, as Chinese is written.
inline constexpr char word_breaks[] = " \t\n\"#";

/// What Tab can make of `word`, which stands behind `before` in the line: the commands of the prompt where the line
/// begins with the word, the names of days in a question (a line that begins with `/`), tags anywhere.
std::vector<std::string> completions(std::string_view before, std::string_view word, const TagsWithPrefix& tags);

}  // namespace md2
