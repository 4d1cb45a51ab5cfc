#include "tests/sim/ledger.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/diary/entry_reader.h"
#include "common/os/paths.h"
#include "common/text/lines.h"

namespace md2::sim {
namespace {

/// Without those that end a line; one before a header is text in front of it.
std::string without_returns(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    while (c == '\n' && out.ends_with('\r')) out.pop_back();
    out += c;
  }
  while (out.ends_with('\r')) out.pop_back();
  return out;
}

/// No empty line ends it.
bool is_behind_text(std::string_view item) {
  const std::string key = key_of(item);
  return !key.empty() && std::count(item.begin(), item.end(), '\n') == std::count(key.begin(), key.end(), '\n') + 1;
}

/// What a sort of the lines has put under an entry may be its own or another's.
std::vector<std::string> keys_of(std::string_view item, bool sorted) {
  std::vector<std::string> keys{key_of(item)};
  if (!sorted) return keys;
  for (std::size_t end = keys[0].rfind('\n'); end != std::string::npos; end = keys[0].rfind('\n', end - 1))
    keys.push_back(key_of(std::string_view(keys[0]).substr(0, end)));
  return keys;
}

bool contains(const std::map<std::string, int>& counts, const std::string& key) {
  return counts.find(key) != counts.end();
}

}  // namespace

std::string key_of(std::string_view encoded) {
  std::string out;
  const auto drop_end = [&out](std::string_view what) {
    while (!out.empty() && what.find(out.back()) != what.npos) out.pop_back();
  };
  for (const char c : encoded) {
    if (c == '\n') drop_end(" \t\r");
    out += c;
  }
  drop_end(" \t\r\n");
  return out;
}

bool is_kept(std::string_view name, std::string_view word) {
  return name.find(word) != name.npos && !name.ends_with(".new");
}

std::map<std::string, int> entries_in(std::string_view bytes, Items items) {
  std::map<std::string, int> counts;
  EntryReader reader;
  reader.feed(bytes.find('\r') == bytes.npos ? std::string(bytes) : without_returns(bytes));
  reader.finish();
  std::string before;
  while (const auto item = reader.next()) {
    if (item->time) {
      const bool glued = items == Items::kept || is_behind_text(before);
      for (const std::string& key : keys_of(item->raw, glued)) ++counts[key];
    }
    before = item->raw;
  }
  return counts;
}

Ledger::Entry* Ledger::find(const std::string& encoded) {
  const auto found = entries_.find(key_of(encoded));
  return found == entries_.end() ? nullptr : &found->second;
}

void Ledger::offered(const std::string& encoded, int diary) {
  Entry& entry = entries_[key_of(encoded)];
  entry.encoded = encoded;
  entry.diary = diary;
  for (const std::string_view line : Lines(encoded)) lines_.emplace(line);
}

void Ledger::kept(const std::string& encoded, bool durable) {
  Entry& entry = *find(encoded);
  entry.promised = true;
  entry.fragile = !durable;
  if (!std::exchange(entry.counted, true)) ++verdict_.entries;
}

void Ledger::not_kept(const std::string& encoded) {
  find(encoded)->promised = false;
}

void Ledger::saved(const std::string& encoded) {
  Entry* const entry = find(encoded);
  if (entry == nullptr) return wrong("`saved` for what nobody wrote: " + brief(encoded));
  story_.happens(entry->saved ? Kind::saved_again : Kind::saved, "saved: {}", brief(encoded));
  entry->saved = entry->promised = true;
  entry->fragile = false;
}

void Ledger::refused(const std::string& encoded, const std::string& why) {
  story_.happens(Kind::refused, "refused: {}: {}", why, brief(encoded));
  if (Entry* const entry = find(encoded)) entry->refused = true;
}

void Ledger::failed(const std::string& encoded, const std::string& why) {
  story_.happens(Kind::failed, "failed: {}: {}", why, brief(encoded));
}

void Ledger::told(std::string_view text) {
  for (auto& [key, entry] : entries_) {
    if (entry.refused && text.find(entry.encoded) != text.npos) entry.told = true;
  }
}

/// What was never on stable storage, and said so, may be gone. What the owner took out, or has not got back onto the
/// disk, before a server had the time to look is beyond the promise: the notes that would tell of it are synced when a
/// change is found or nobody writes, and not with each append. The same is true of what he takes out between a power
/// cut and the next start of a server.
void Ledger::power_was_cut() {
  unguarded_ = true;
  for (auto& [key, entry] : entries_) {
    if (entry.fragile) entry.promised = entry.fragile = false;
  }
  excuse_copies();
  Counts there = files(folder_of(diaries_[0]), ".missing.");
  for (std::size_t i = 0; i < diaries_.size(); ++i) {
    for (const auto& [key, count] : diary(i)) there[key] += count;
  }
  if (!std::exchange(owner_unnoticed_, false)) return;
  for (auto& [key, entry] : entries_)
    entry.void_by_power = entry.void_by_power || (entry.saved && !contains(there, key));
}

std::string Ledger::some_entry(std::size_t number) const {
  if (entries_.empty()) return {};
  return std::next(entries_.begin(), static_cast<std::ptrdiff_t>(number % entries_.size()))->second.encoded;
}

bool Ledger::begins_entry(std::string_view bytes) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& known) { return known.second.encoded.starts_with(bytes); });
}

void Ledger::excuse_copies() {
  for (std::size_t i = 0; i < diaries_.size(); ++i) {
    for (const auto& [key, count] : diary(i)) {
      if (count > 1) excused_[key] = std::max(excused_[key], count);
    }
  }
}

Ledger::Counts Ledger::diary(std::size_t number) const {
  const InodePtr file = files_.find(diaries_[number]);
  return file ? entries_in(file->now.bytes) : Counts();
}

/// What the files of the folder hold whose name has the word in it.
Ledger::Counts Ledger::files(const std::string& folder, std::string_view word) const {
  Counts all;
  for (const std::string& name : files_.names_in(folder)) {
    if (!is_kept(name, word)) continue;
    const Items items = word == ".missing." ? Items::kept : Items::written;
    for (const auto& [key, count] : entries_in(files_.find(fmt::format("{}/{}", folder, name))->now.bytes, items))
      all[key] += count;
  }
  return all;
}

void Ledger::before_owner() {
  before_owner_ = diary(0);
  owner_acted_ = owner_unnoticed_ = true;
}

void Ledger::after_owner(bool unseen) {
  for (const auto& [key, count] : diary(0)) {
    if (count <= before_owner_[key]) continue;
    if (count > 1) excused_[key] = std::max(excused_[key], count);
    if (unseen) unseen_by_server_.insert(key);
  }
  if (!unguarded_) return;
  Counts there = files(folder_of(diaries_[0]), ".missing.");
  for (const auto& [key, count] : diary(0)) there[key] += count;
  for (auto& [key, entry] : entries_)
    entry.void_by_power = entry.void_by_power || (entry.saved && !contains(there, key));
}

void Ledger::fault(std::size_t& count, Entry& entry, const std::string& what) {
  if (!entry.faults.insert(what).second) return;
  ++count;
  faults_.push_back(fmt::format("{}: {}", what, brief(entry.encoded)));
  story_.tell("*** {}", faults_.back());
  if (faults_.size() == 1) tell_files();
}

void Ledger::wrong(const std::string& what) {
  ++verdict_.wrong;
  faults_.push_back("wrong: " + what);
  story_.tell("*** {}", faults_.back());
  if (faults_.size() == 1) tell_files();
}

/// What lies there at the first fault.
void Ledger::tell_files() {
  for (const std::string& path : diaries_) {
    for (const std::string& name : files_.names_in(folder_of(path))) {
      const InodePtr file = files_.find(fmt::format("{}/{}", folder_of(path), name));
      if (!file || file->now.size() > 65536 || file->now.empty()) continue;
      story_.tell("    {}, {} bytes:", name, file->now.size());
      for (const Marked& line : file->now.lines()) {
        if (line.size() > 1) story_.tell("      {} {}", line.authors[0], brief(line.bytes));
      }
    }
  }
}

void Ledger::check() {
  std::string now;
  for (const std::string& path : diaries_) {
    if (const InodePtr file = files_.find(path)) now += file->now.bytes;
    now += '\f';
  }
  if (std::exchange(checked_, now) != now) {
    for (std::size_t i = 0; i < diaries_.size(); ++i) {
      for (const auto& [key, count] : diary(i)) {
        const auto known = entries_.find(key);
        if (known == entries_.end()) continue;
        Entry& entry = known->second;
        if (entry.diary >= 0 && entry.diary != static_cast<int>(i)) {
          fault(verdict_.wrong, entry, "wrong: in a diary that it was not written for");
        }
        if (count <= std::max(1, excused_[key])) continue;
        if (unseen_by_server_.contains(key)) {
          excused_[key] = count;
        } else {
          fault(verdict_.doubled, entry, "doubled");
        }
      }
    }
  }
  if (!owner_acted_) check_presence(true);
}

void Ledger::check_presence(bool outboxes_count) {
  std::vector<Counts> places;
  std::string all;
  for (std::size_t i = 0; i < diaries_.size(); ++i) {
    places.push_back(diary(i));
    places.push_back(files(folder_of(diaries_[i]), ".missing."));
    if (const InodePtr file = files_.find(diaries_[i])) all += file->now.bytes;
  }
  const Counts waiting = outboxes_count ? files(outboxes_, ".outbox") : Counts();
  for (auto& [key, entry] : entries_) {
    if (!entry.promised || entry.refused) continue;
    if (std::any_of(places.begin(), places.end(), [&wanted = key](const Counts& one) { return contains(one, wanted); }))
      continue;
    if (!entry.saved && contains(waiting, key)) continue;
    if (entry.void_by_power) continue;
    const std::size_t at = without_returns(all).find(key);
    if (at != std::string::npos && at > 0 && without_returns(all)[at - 1] != '\n') {
      fault(verdict_.wrong, entry, "wrong: glued to other text");
    } else {
      fault(verdict_.lost, entry, entry.saved ? "lost, though it was saved" : "lost, though it was kept");
    }
  }
}

void Ledger::check_settled() {
  check_presence(true);
  owner_unnoticed_ = false;
}

void Ledger::check_end() {
  check_presence(false);
  for (auto& [key, entry] : entries_) {
    if (entry.refused && !entry.told && entry.promised)
      fault(verdict_.wrong, entry, "wrong: refused, and nobody was told");
  }
}

}  // namespace md2::sim
