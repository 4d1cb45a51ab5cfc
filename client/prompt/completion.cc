#include "client/prompt/completion.h"

#include <array>

#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

using Words = std::array<std::string_view, 4>;
constexpr Words commands = {"hi", "r", "?", "quit"};
constexpr Words days = {"today", "yesterday", "今天", "昨天"};

/// Where the last hash of the word begins; npos when it has none.
std::size_t find_hash(std::string_view word) {
  if (word.starts_with('#')) return 0;
  return word.rfind("＃");  // several bytes, so it can't be one of word_breaks
}

}  // namespace

void Tags::see(std::string_view text) {
  for (auto tag = find_tag(text, first_hash(text)); tag; tag = find_tag(text, tag->end)) {
    const std::size_t begin = tag->begin + hash_sign_length(text, tag->begin);
    add(text.substr(begin, tag->end - begin));
  }
}

void Tags::add(std::string_view name) {
  if (name.size() > max_name) return;
  if (const auto found = places_.find(name); found != places_.end()) {
    newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
    return;
  }
  newest_first_.emplace_front(name);
  places_.emplace(newest_first_.front(), newest_first_.begin());
  if (places_.size() <= max_tags) return;
  places_.erase(newest_first_.back());
  newest_first_.pop_back();
}

std::vector<std::string> Tags::with_prefix(std::string_view prefix) const {
  std::vector<std::string> found;
  if (!prefix.starts_with('#')) return found;
  for (const std::string& name : newest_first_) {
    if (name.starts_with(prefix.substr(1))) found.push_back('#' + name);
  }
  return found;
}

std::vector<std::string> completions(std::string_view before, std::string_view word, const TagsWithPrefix& tags) {
  std::vector<std::string> matches;
  const auto add = [&](std::size_t lead, std::string_view match) {
    matches.push_back(std::string(word.substr(0, lead)).append(match));
  };
  const bool begins_question = before.empty() && word.starts_with('/');
  const bool in_question = begins_question || before.starts_with('/');
  if (const std::size_t at = find_hash(word); at != std::string_view::npos) {
    if (!tags) return {};
    // The same hash in front as was typed, ASCII or full-width; the diary is asked for the ASCII one.
    const std::size_t name = at + hash_sign_length(word, at);
    const std::string prefix = "#" + std::string(word.substr(name));
    for (const std::string& tag : tags(prefix)) {
      // A tag comes from the diary: what a terminal would obey must not get into the line.
      if (tag.starts_with(prefix) && sanitised(tag) == tag) add(name, std::string_view(tag).substr(1));
    }
  } else if (in_question || before.empty()) {
    const std::size_t lead = begins_question ? 1 : 0;
    if (in_question && word.size() == lead) return {};
    for (const std::string_view known : in_question ? days : commands) {
      if (known.starts_with(word.substr(lead))) add(lead, known);
    }
  }
  return matches;
}

}  // namespace md2
