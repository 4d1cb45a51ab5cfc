#include "client/commands/tag_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "client/commands/day_counts.h"
#include "client/terminal/progress.h"
#include "common/os/language.h"
#include "common/text/folding.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Bytes that a spelling takes beside its name, about.
constexpr std::size_t beside_name = 200;

constexpr std::string_view tag_on = "\033[36m", tag_off = "\033[39m";

}  // namespace

void TagCounts::add(const ReadItem& read) {
  const std::string_view text = read.text;
  ++items_;
  for (auto range = find_tag(text, 0); range; range = find_tag(text, range->end)) {
    const std::size_t begin = range->begin + hash_sign_length(text, range->begin);
    Tag* const tag = find(text.substr(begin, range->end - begin));
    if (tag == nullptr) {
      ++left_out_;
    } else if (tag->last != items_) {
      tag->last = items_;
      ++tag->items;
    }
  }
}

/// Null when there is no room for one more.
TagCounts::Tag* TagCounts::find(std::string_view spelled) {
  std::string key(spelled);
  if (const auto known = spellings_.find(key); known != spellings_.end()) return known->second;
  if (key.size() + beside_name > room_) return nullptr;
  room_ -= key.size() + beside_name;
  std::string name = folded(spelled, {Folding::Case::exact, true});
  const auto same = spellings_.find(name);
  Tag* tag = same == spellings_.end() ? nullptr : same->second;
  if (tag == nullptr) {
    tag = &tags_.emplace_back(Tag{name});
    spellings_.emplace(std::move(name), tag);
  }
  spellings_.emplace(std::move(key), tag);
  return tag;
}

std::string TagCounts::text(PageStyle style) const {
  std::vector<const Tag*> order;
  order.reserve(tags_.size());
  for (const Tag& tag : tags_) order.push_back(&tag);
  std::sort(order.begin(), order.end(),
            [](const Tag* a, const Tag* b) { return a->items != b->items ? a->items > b->items : a->name < b->name; });
  std::string out;
  if (order.empty()) out = tr("no tags") + '\n';
  const std::size_t width = order.empty() ? 0 : std::to_string(order.front()->items).size();
  for (const Tag* tag : order) {
    fmt::format_to(std::back_inserter(out), "{:>{}}  {}#", tag->items, width, style.colour ? tag_on : "");
    append_sanitised(out, tag->name);
    if (style.colour) out += tag_off;
    out += '\n';
  }
  if (left_out_ > 0) {
    out += trn(left_out_, "further tags are not counted, for want of room: they stand in {} place",
               "further tags are not counted, for want of room: they stand in {} places", with_commas(left_out_)) +
           '\n';
  }
  return out;
}

}  // namespace md2
