#include "client/prompt/completion.h"

#include <array>

#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::array<std::string_view, 4> commands = {"hi", "r", "?", "quit"};
constexpr std::array<std::string_view, 4> days = {"today", "yesterday", "今天", "昨天"};

template <typename Words>
void add_matches(std::vector<std::string>& matches, const Words& words, std::string_view prefix,
                 const std::string& lead) {
  for (const std::string_view word : words) {
    if (word.starts_with(prefix)) matches.push_back(lead + std::string(word));
  }
}

/// The same hash in front of what is found as was typed, ASCII or full-width; the diary is asked for the ASCII one.
void add_tags(std::vector<std::string>& matches, std::string_view word, std::size_t at, std::size_t hash,
              const TagsWithPrefix& tags) {
  const std::string prefix = "#" + std::string(word.substr(at + hash));
  for (const std::string& tag : tags(prefix)) {
    // A tag comes from the diary: what a terminal would obey must not get into the line.
    if (!tag.starts_with(prefix) || !text_error(tag).empty()) continue;
    matches.push_back(std::string(word.substr(0, at + hash)) + tag.substr(1));
  }
}

/// Where the last hash of the word begins; npos when it has none.
std::size_t find_hash(std::string_view word) {
  if (word.starts_with('#')) return 0;
  return word.rfind("＃");  // several bytes, so it can't be one of word_breaks
}

}  // namespace

std::vector<std::string> completions(std::string_view before, std::string_view word, const TagsWithPrefix& tags) {
  std::vector<std::string> matches;
  if (const std::size_t at = find_hash(word); at != std::string_view::npos) {
    if (tags) add_tags(matches, word, at, hash_sign_length(word, at), tags);
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
