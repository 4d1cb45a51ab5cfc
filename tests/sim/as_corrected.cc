#include "tests/sim/as_corrected.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry_reader.h"
#include "tests/support/entries.h"

namespace md2::sim {
namespace {

struct Item {
  std::string raw;
  std::string text;
  std::optional<Timestamp> time;
  std::optional<Correction> correction{};

  bool is_entry() const { return time && !correction; }
};

std::string ended(std::string raw) {
  if (!raw.ends_with('\n')) raw += '\n';
  if (!has_empty_line(raw)) raw += '\n';
  return raw;
}

bool means(const std::vector<Item>& items, const EntryName& name, const Item& entry) {
  if (!entry.is_entry() || entry.time != name.time) return false;
  if (name.hash) return *name.hash == name_hash(entry.text);
  return std::all_of(items.begin(), items.end(), [&](const Item& other) {
    return !other.is_entry() || other.time != name.time || name_hash(other.text) == name_hash(entry.text);
  });
}

const Item* latest(const std::vector<Item>& items, const Item& entry) {
  const Item* latest = nullptr;
  const auto rank = [](const Item& one) { return std::pair(one.time->micros, one.correction->text); };
  for (const Item& item : items) {
    if (!item.correction || !means(items, item.correction->of, entry)) continue;
    if (latest == nullptr || rank(item) > rank(*latest)) latest = &item;
  }
  return latest;
}

}  // namespace

std::string as_corrected(const std::string& diary) {
  std::vector<Item> items;
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  bool any = false;
  while (auto item = reader.next()) {
    const std::string text = item->text();
    items.push_back({item->raw, text, item->time, item->time ? parse_correction(text) : std::nullopt});
    any = any || items.back().correction;
  }
  if (!any) return diary;
  std::string shown;
  for (const Item& item : items) {
    const Item* const newest = item.is_entry() ? latest(items, item) : nullptr;
    const bool placed = item.correction && std::any_of(items.begin(), items.end(), [&](const Item& entry) {
                          return means(items, item.correction->of, entry);
                        });
    if (placed || (newest != nullptr && newest->correction->strikes())) continue;
    shown += newest == nullptr ? item.raw : ended(item.raw) + test::answered(ended(newest->raw), item.text);
  }
  return shown;
}

}  // namespace md2::sim
