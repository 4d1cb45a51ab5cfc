#include "tests/support/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "tests/support/deadline.h"
#include "tests/support/shared.h"

namespace md2::test {
namespace {

struct Place {
  std::size_t count = 0;
  std::uint64_t first = 0;  ///< offset
};

std::map<std::string, Place> places(std::string_view bytes, const std::set<std::string>& owner_lines,
                                    Verdict* verdict = nullptr) {
  std::map<std::string, Place> found;
  EntryReader reader;
  reader.feed(bytes);
  reader.finish();
  while (const auto item = reader.next()) {
    const std::string text = item->text();
    if (item->time && decode(item->raw)) {
      Place& place = found[text];
      if (place.count++ == 0) place.first = item->offset;
    } else if (verdict != nullptr && !text.empty() && !owner_lines.contains(text)) {
      ++verdict->torn;
      verdict->details += fmt::format("torn at {}: '{}'\n", item->offset, item->raw.substr(0, 100));
    }
  }
  return found;
}

}  // namespace

void Ledger::note(const std::string& client, const std::string& text, State state) {
  auto& written = clients_[client];
  const auto known = std::find_if(written.begin(), written.end(), [&](const Written& one) { return one.text == text; });
  if (known == written.end()) {
    written.push_back({text, state});
  } else {
    known->state = std::max(known->state, state);
  }
}

void Ledger::note_outbox(std::string_view outbox) {
  const auto found = places(outbox, {});
  for (auto& [client, written] : clients_) {
    for (Written& one : written) {
      if (found.contains(one.text)) one.state = std::max(one.state, State::kept);
    }
  }
}

Verdict Ledger::check(std::string_view diary, std::string_view outbox, std::string_view missing) const {
  Verdict verdict;
  const auto in_diary = places(diary, owner_lines_, &verdict);
  const auto in_outbox = places(outbox, {});
  const auto taken_out = places(missing, {});
  for (const auto& client : clients_) {
    std::uint64_t last = 0;
    bool gap = false;
    for (const Written& one : client.second) {
      const auto at = in_diary.find(one.text);
      const bool there = at != in_diary.end() || taken_out.contains(one.text);
      const bool waits = in_outbox.contains(one.text);
      verdict.entries += one.state != State::offered;
      verdict.acknowledged += one.state == State::acknowledged;
      const auto say = [&](std::size_t& count, std::string_view what) {
        ++count;
        verdict.details += fmt::format("{}: '{}' of {}\n", what, one.text, client.first);
      };
      if (!there && (one.state == State::acknowledged || (one.state == State::kept && !waits))) {
        say(verdict.lost, one.state == State::acknowledged ? "lost, though it was saved" : "lost, though it was kept");
      }
      if ((there || waits) && gap) say(verdict.lost, "lost, since one that was written later is there, before");
      gap = !there && !waits;
      if (at == in_diary.end()) continue;
      if (at->second.count > 1) say(verdict.doubled, "doubled");
      if (at->second.first < last) say(verdict.out_of_order, "out of order");
      last = at->second.first;
    }
  }
  return verdict;
}

void Tally::add(const Verdict& verdict) {
  entries += verdict.entries;
  acknowledged += verdict.acknowledged;
  lost += verdict.lost;
  doubled += verdict.doubled;
}

std::string Tally::text() const {
  if (kills + errors + cuts == 0) return {};
  return fmt::format(
      "faults: {} kills, {} errors injected, {} cuts; {} entries kept, {} of them acknowledged, {} lost, {} doubled\n",
      kills.load(), errors.load(), cuts.load(), entries.load(), acknowledged.load(), lost.load(), doubled.load());
}

Tally& tally() {
  static auto& all = shared_by_processes<Tally>();
  return all;
}

}  // namespace md2::test
