#include "client/completion.h"

#include <array>

#include "common/text.h"

namespace md2 {
namespace {

constexpr std::array<std::string_view, 4> commands = {"hi", "r", "?", "quit"};
constexpr std::array<std::string_view, 4> days = {"today", "yesterday", "今天", "昨天"};

/// A character that is not whole yet can't be completed: half of it would be replaced.
template <typename Words>
void add_matches(std::vector<std::string>& matches, const Words& words, std::string_view prefix,
                 const std::string& lead) {
  for (const std::string_view word : words) {
    if (word.starts_with(prefix)) matches.push_back(lead + std::string(word));
  }
}

}  // namespace

std::vector<std::string> completions(std::string_view before, std::string_view word, const TagsWithPrefix& tags) {
  std::vector<std::string> matches;
  if (word.starts_with('#')) {
    if (!tags) return matches;
    for (std::string& tag : tags(word)) {
      // A tag comes from the diary: what a terminal would obey must not get into the line.
      if (tag.starts_with(word) && text_fault(tag).empty()) matches.push_back(std::move(tag));
    }
  } else if (before.empty() && word.starts_with('/')) {
    if (word.size() > 1) add_matches(matches, days, word.substr(1), "/");
  } else if (before.starts_with('/')) {
    if (!word.empty()) add_matches(matches, days, word, "");
  } else if (before.empty()) {
    add_matches(matches, commands, word, "");
  }
  return matches;
}

}  // namespace md2
