#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/prompt/days.h"
#include "common/text/folding.h"

namespace md2 {

/// What ends a word that Tab completes. `#` begins one as well, without a space before it, as Chinese is written.
inline constexpr char word_breaks[] = " \t\n\"#";

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

  /// Those that begin with `prefix`, without their hash, as the folding has it; the one seen last comes first.
  std::vector<std::string> with_prefix(std::string_view prefix, Folding folding) const;

 private:
  void add(std::string_view name);

  std::list<std::string> newest_first_;  ///< without the hash
  std::unordered_map<std::string_view, std::list<std::string>::iterator> places_;
};

/// What Tab can make of `word`, which stands behind `before` in the line: the commands of the prompt where the line
/// begins with the word, tags anywhere, and in a question (see question_sign_length() in client/line.h) the names of
/// days, and of what the diary has the years, months and days, step by step; behind `/at` only days, and only once.
///
/// A word and what it becomes are compared as a search does it: composed, in either width, and without regard to case
/// unless the word has a capital; with `ignore_case` in any case, and always for the names of days.
std::vector<std::string> completions(std::string_view before, std::string_view word, const Tags& tags, const Days& days,
                                     bool ignore_case);

}  // namespace md2
