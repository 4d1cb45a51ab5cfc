#include "client/prompt/tags.h"

#include <algorithm>

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
  ++count_;
  if (const auto found = seen_.find(name); found != seen_.end()) {
    found->second = count_;
    return;
  }
  seen_.emplace(name, count_);
  if (seen_.size() >= 2 * max_tags) forget_old();
}

/// Half of them at a time, so that each new tag costs the same on average.
void Tags::forget_old() {
  std::vector<std::uint64_t> when;
  when.reserve(seen_.size());
  for (const auto& tag : seen_) when.push_back(tag.second);
  const auto oldest_kept = when.end() - static_cast<std::ptrdiff_t>(max_tags);
  std::nth_element(when.begin(), oldest_kept, when.end());
  std::erase_if(seen_, [&](const auto& tag) { return tag.second < *oldest_kept; });
}

std::vector<std::string> Tags::with_prefix(std::string_view prefix) const {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  if (!prefix.starts_with('#')) return {};
  prefix.remove_prefix(1);
  for (const auto& [name, when] : seen_) {
    if (name.starts_with(prefix)) found.emplace_back(when, '#' + name);
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  if (found.size() > max_tags) found.resize(max_tags);
  std::vector<std::string> tags;
  tags.reserve(found.size());
  for (auto& tag : found) tags.push_back(std::move(tag.second));
  return tags;
}

}  // namespace md2
