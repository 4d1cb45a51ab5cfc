#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace md2 {

/// Gives the tags of the diary that begin with `prefix`; both with their `#`.
using TagsWithPrefix = std::function<std::vector<std::string>(std::string_view prefix)>;

/// What ends a word that Tab completes. `#` begins one as well, without a space before it, as Chinese is written.
inline constexpr char word_breaks[] = " \t\n\"#";

/// What Tab can make of `word`, which stands behind `before` in the line: the commands of the prompt where the line
/// begins with the word, the names of days in a question (a line that begins with `/`), tags anywhere.
std::vector<std::string> completions(std::string_view before, std::string_view word, const TagsWithPrefix& tags);

/// The tags of the diary as far as it was seen, for completion: a bounded number of them, of which those seen last
/// stay.
class Tags {
 public:
  static constexpr std::size_t max_tags = 10'000;
  static constexpr std::size_t max_name = 256;  ///< bytes; a longer one is nothing to complete

  Tags() = default;
  Tags(Tags&&) = default;  // no copy: places_ points into the list
  Tags& operator=(Tags&&) = default;

  /// Text of the diary, of any length, in the order in which it was written. As it stands there will do: no tag reaches
  /// over the end of a line.
  void see(std::string_view text);

  /// Those that begin with `prefix`, both with an ASCII `#` in front; the one seen last comes first.
  std::vector<std::string> with_prefix(std::string_view prefix) const;

 private:
  void add(std::string_view name);

  std::list<std::string> newest_first_;  ///< without the hash
  std::unordered_map<std::string_view, std::list<std::string>::iterator> places_;
};

}  // namespace md2
