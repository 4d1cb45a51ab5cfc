#include "client/prompt/tags.h"

#include "common/text/tag.h"

namespace md2 {

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

}  // namespace md2
