#include "client/commands/editable.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "client/commands/commands.h"
#include "common/diary/query.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {
namespace {

/// At equal times the greater text counts.
bool counts_before(Timestamp time, const std::string& text, Timestamp other, const std::string& other_text) {
  return std::tie(time.micros, text) > std::tie(other.micros, other_text);
}

void each_item(Client& client, Ink ink, const std::string& query, const std::function<bool(const ReadItem&)>& take) {
  CorrectedReader reader(ink);
  ask(client, ink, query, [&](const Message& message) {
    reader.feed(message.text);
    if (message.verb == Verb::end) reader.finish();
    bool more = true;
    while (const auto read = reader.next()) more = more && take(*read);
    return more;
  });
}

/// What the answers did not have of entries that they name.
void learn_all(Client& client, Editables& editables) {
  const auto learn = [&](const ReadItem& read) {
    editables.learn(read);
    return true;
  };
  each_item(client, Ink::all, fmt::format("\"{}\"", correction_sign), learn);
  const std::vector<std::string> days = editables.days_to_learn();
  for (std::size_t begin = 0; begin < days.size(); begin += max_query_parts) {
    std::string query;
    for (std::size_t i = begin; i < std::min(begin + max_query_parts, days.size()); ++i)
      query.append(query.empty() ? "" : "|").append(days[i]);
    each_item(client, Ink::all, query, learn);
  }
}

}  // namespace

std::vector<Editable> gather(Client& client, Ink ink, const std::string& query, std::size_t most, const Tell& tell) {
  if (!client.wait_for_greeting()) throw Error(tr("the diary can't be read: {}", client.fault()));
  client.wait_until_saved();  // what was written here is part of it
  Editables editables(most);
  const auto add = [&](const ReadItem& read) {
    editables.add(read);
    return !editables.full();
  };
  if (!query.empty()) {
    each_item(client, ink, query, add);
  } else {
    // Loose lines may stand behind the last entry.
    std::optional<ReadItem> last;
    for (const char* const some : {"-1", "-1000", ""}) {
      if (last) break;
      each_item(client, ink, some, [&](const ReadItem& read) {
        if (read.item.time) last = read;
        return true;
      });
    }
    if (last) editables.add(*last);
  }
  if (editables.full()) throw Error(tr("more than {} entries match: narrow the query", most));
  if (ink == Ink::all) learn_all(client, editables);
  if (editables.loose_lines() > 0) {
    tell(trn(editables.loose_lines(), "{} of what matches is no entry: only an editor on the diary's file changes it",
             "{} of what matches are no entry: only an editor on the diary's file changes it",
             editables.loose_lines()));
  }
  if (const std::size_t absent = editables.absent(); absent > 0) {
    tell(trn(absent, "{} of what matches corrects an entry that is not in the diary, and stays as it is",
             "{} of what matches correct entries that are not in the diary, and stay as they are", absent));
  }
  return editables.take();
}

std::optional<Editable> editable(const ReadItem& read) {
  if (!read.item.time) return std::nullopt;
  const Timestamp time = *read.item.time;
  if (read.corrects) return Editable{*read.corrects, time, read.text, time, read.strikes()};
  return Editable{{time, name_hash(read.item.text())}, time, read.text, read.corrected, false};
}

ReadItem shown(const Editable& entry) {
  ReadItem read{{0, encode({entry.time, entry.text}), entry.time}, entry.text, {}, {}};
  if (entry.newest && !entry.struck) read.corrected = entry.newest;
  return read;
}

Editables::Known* Editables::find(const EntryName& name) {
  const auto [begin, end] = places_.equal_range(name.time.micros);
  for (auto place = begin; place != end; ++place) {
    Known& known = known_[place->second];
    // A person may have named it by the time alone.
    const EntryName& own = known.entry.name;
    if (own == name || (own.time == name.time && (!own.hash || !name.hash))) return &known;
  }
  return nullptr;
}

void Editables::correct(Known& known, Timestamp time, const std::string& text) {
  Editable& entry = known.entry;
  if (!entry.newest || counts_before(time, text, *entry.newest, known.latest)) {
    entry.newest = time;
    entry.struck = text.empty();
    known.latest = text;
  }
  if (text.empty() || (known.text_since && !counts_before(time, text, *known.text_since, entry.text))) return;
  known.text_since = time;
  entry.text = text;
}

void Editables::add(const ReadItem& read) {
  auto entry = editable(read);
  if (!entry) {
    loose_ += read.text.empty() ? 0 : 1;
    return;
  }
  if (Known* const known = find(entry->name)) {
    read.corrects ? correct(*known, entry->time, read.text) : meet(*known, read, *entry);
    return;
  }
  full_ = full_ || known_.size() == most_;
  if (full_) return;
  places_.emplace(entry->name.time.micros, known_.size());
  Known known{*entry, {}, {}, !read.corrects};
  if (entry->newest) known.latest = entry->text;
  if (!entry->text.empty()) known.text_since = entry->newest;
  known_.push_back(std::move(known));
}

/// The entry, behind a correction of it.
void Editables::meet(Known& known, const ReadItem& read, const Editable& entry) {
  known.met = true;
  known.entry.name = entry.name;
  known.entry.time = entry.time;
  if (!known.text_since) known.entry.text = entry.text;
  if (read.corrected) correct(known, *read.corrected, read.text);
}

void Editables::learn(const ReadItem& read) {
  const auto entry = editable(read);
  Known* const known = entry ? find(entry->name) : nullptr;
  if (known != nullptr) read.corrects ? correct(*known, entry->time, read.text) : meet(*known, read, *entry);
}

std::vector<std::string> Editables::days_to_learn() const {
  constexpr std::size_t day_length = 10;
  std::set<std::string> days;
  for (const Known& known : known_) {
    if (!known.met) days.insert(to_string(known.entry.name.time).substr(0, day_length));
  }
  return {days.begin(), days.end()};
}

std::size_t Editables::absent() const {
  return static_cast<std::size_t>(
      std::count_if(known_.begin(), known_.end(), [](const Known& known) { return !known.met; }));
}

std::vector<Editable> Editables::take() {
  std::vector<Editable> entries;
  entries.reserve(known_.size());
  for (Known& known : known_) {
    if (known.met && !known.entry.text.empty())
      entries.push_back(std::move(known.entry));  // else only its strike is known
  }
  known_.clear();
  places_.clear();
  return entries;
}

}  // namespace md2
