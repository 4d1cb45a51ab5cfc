#include "client/import/tags.h"

#include <set>

#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

std::set<std::string, std::less<>> tags_in(std::string_view text) {
  std::set<std::string, std::less<>> tags;
  for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
    const std::size_t begin = tag->begin + hash_sign_length(text, tag->begin);
    tags.emplace(text.substr(begin, tag->end - begin));
  }
  return tags;
}

}  // namespace

std::string tag_named(std::string_view name) {
  std::string tag = "#";
  for (std::size_t at = 0; at < name.size();) {
    if (const std::size_t length = tag_name_length(name, at); length > 0) {
      tag += name.substr(at, length);
      at += length;
    } else {
      at += character_at(name, at).length;
      if (tag.size() > 1 && !tag.ends_with('_')) tag += '_';
    }
  }
  if (tag.ends_with('_')) tag.pop_back();
  return tag.size() > 1 ? tag : std::string();
}

void add_tags(std::string& text, const std::vector<std::string>& names) {
  auto there = tags_in(text);
  bool first = true;
  for (const std::string& name : names) {
    const std::string tag = tag_named(name);
    if (tag.empty() || !there.insert(tag.substr(1)).second) continue;
    if (first) text = std::string(trimmed(text));
    if (!text.empty()) text += first ? '\n' : ' ';
    text += tag;
    first = false;
  }
}

}  // namespace md2
