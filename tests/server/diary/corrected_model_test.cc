// What is shown of random diaries with corrections, however they came to be, is what a slow model shows.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "server/diary/corrections.h"
#include "server/diary/search.h"
#include "tests/server/diary/query_model.h"
#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

struct Answer {
  std::string text;
  std::uint64_t count = 0;

  bool operator==(const Answer&) const = default;
};

/// An item, and what the model makes of it.
struct Item {
  std::string raw;
  std::string text;
  std::optional<Timestamp> time;
  std::optional<Correction> correction{};

  bool is_entry() const { return time && !correction; }
};

std::vector<Item> items_of(const std::string& diary) {
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  std::vector<Item> items;
  while (auto item = reader.next()) {
    const std::string text = item->text();
    items.push_back({item->raw, text, item->time, item->time ? parse_correction(text) : std::nullopt});
  }
  return items;
}

class Model {
 public:
  explicit Model(const std::string& diary) : items_(items_of(diary)) {}

  Answer answer(const ModelQuery& query) const {
    std::vector<Answer> found;
    for (const Item& item : items_) {
      const Item* const ink = item.is_entry() ? latest(item) : nullptr;
      if (ink != nullptr && ink->correction->strikes()) continue;
      if (item.correction && is_placed(*item.correction)) continue;
      if (!holds(query, ink == nullptr ? item.text : ink->correction->text, item.time)) continue;
      const bool bytes = query.parts.empty() && !query.last && ink == nullptr;
      found.push_back({bytes ? item.raw : ended(item), has_words(item) ? 1U : 0U});
      if (ink != nullptr) found.back().text += answered(ended(*ink), item.text);
    }
    const std::size_t last = std::min(query.last.value_or(found.size()), found.size());
    Answer all;
    for (std::size_t i = found.size() - last; i < found.size(); ++i) {
      all.text += found[i].text;
      all.count += found[i].count;
    }
    return all;
  }

 private:
  bool means(const EntryName& name, const Item& entry) const {
    if (!entry.is_entry() || entry.time != name.time) return false;
    if (name.hash) return *name.hash == name_hash(entry.text);
    return std::all_of(items_.begin(), items_.end(), [&](const Item& other) {
      return !other.is_entry() || other.time != name.time || name_hash(other.text) == name_hash(entry.text);
    });
  }

  bool is_placed(const Correction& correction) const {
    return std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return means(correction.of, item); });
  }

  const Item* latest(const Item& entry) const {
    const Item* latest = nullptr;
    for (const Item& item : items_) {
      if (!item.correction || !means(item.correction->of, entry)) continue;
      const auto rank = [](const Item& one) { return std::pair(one.time->micros, one.correction->text); };
      if (latest == nullptr || rank(item) > rank(*latest)) latest = &item;
    }
    return latest;
  }

  static std::string ended(const Item& item) {
    std::string raw = item.raw;
    if (!raw.ends_with('\n')) raw += '\n';
    if (item.time && !has_empty_line(raw)) raw += '\n';
    return raw;
  }

  static bool has_words(const Item& item) { return item.raw.find_first_not_of(" \t\r\n") != std::string::npos; }

  std::vector<Item> items_;
};

/// A diary that grows and is changed, and what a server learns of its corrections meanwhile.
class Served {
 public:
  /// With a path, texts of corrections are kept beside it.
  explicit Served(const std::string& path) {
    if (path.empty()) {
      corrections_.emplace();
    } else {
      corrections_.emplace(path);
    }
  }

  std::string diary;

  void learn(std::size_t budget) {
    while (!corrections_->step(read_, diary.size(), budget)) {
    }
  }

  void changed_by_hand() { corrections_->forget(); }

  /// What comes behind after it has begun is no part of the answer.
  Answer ask(const ModelQuery& query, Dice& chance, const std::string& behind) {
    const std::size_t chunks[] = {50, 300, Scanner::default_chunk};
    const std::size_t budgets[] = {1, 5000, std::string::npos};
    Search search(Query::parse(wire_query(query.typed, model_today), {1999, 1, 1}), 0, read_, chance.pick(chunks));
    search.begin(diary.size(), corrections_->list(), corrections_->texts());
    diary += behind;
    if (!behind.empty()) learn(std::string::npos);
    Answer answer;
    for (bool more = true; more;) more = search.step(chance.pick(budgets), 1 + chance.below(2000), answer.text);
    answer.count = search.count();
    CHECK(!search.stale());
    return answer;
  }

  std::size_t known() const { return corrections_->list().size(); }

 private:
  std::optional<Corrections> corrections_;
  Scanner::Read read_ = [this](std::uint64_t offset, char* to, std::size_t size) {
    size = std::min<std::size_t>(size, diary.size() - std::min<std::size_t>(offset, diary.size()));
    std::memcpy(to, diary.data() + offset, size);
    return size;
  };
};

/// Makes items of few times and texts, so that they have to do with one another.
class Items {
 public:
  explicit Items(Dice& chance) : chance_(chance) {
    for (std::size_t i = 0; i < 4; ++i) entries_.push_back({time(), as_stored("." + random_text(chance_))});
  }

  std::string some() {
    std::string all;
    for (std::size_t n = chance_.below(6); n > 0; --n) all += one();
    return all;
  }

  std::string one() {
    switch (chance_.below(8)) {
      case 0:
        return chance_.one_in(3) ? "\n" : "loose ~[" + first_line(random_text(chance_)) + "\n";
      case 1:
        return encode({time(), "." + random_text(chance_)});
      case 2:
      case 3:
        return encode(chance_.pick(entries_));
      default:
        return correction();
    }
  }

 private:
  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  Timestamp time() { return *parse_timestamp(random_time(chance_)); }

  std::string correction() {
    const Entry of = chance_.pick(entries_);
    Correction correction{{of.time, name_hash(of.text)}, {}};
    if (chance_.one_in(4)) correction.of.hash.reset();
    if (chance_.one_in(8)) correction.of.hash = 77;  // nobody
    if (!chance_.one_in(4)) correction.text = "." + random_text(chance_);
    if (chance_.one_in(8)) correction.text = correction_text(correction);  // that looks like one
    Entry entry{time(), correction_text(correction)};
    if (chance_.one_in(10)) entries_.push_back(entry);  // to be corrected itself
    return encode(entry);
  }

  Dice& chance_;
  std::vector<Entry> entries_;
};

ModelQuery make_any_query(Dice& chance) {
  if (!chance.one_in(3)) return make_query(chance);
  ModelQuery query;
  if (chance.one_in(2)) query.last = 1 + chance.below(6);
  if (query.last) query.typed = "-" + std::to_string(*query.last);
  return query;
}

/// As an owner does it in an editor: entries in another order, fewer of them, or with other texts.
std::string edited(const std::string& diary, Dice& chance) {
  std::vector<Item> items = items_of(diary);
  std::string after;
  for (const Item& item : items) {
    if (chance.one_in(10)) continue;
    if (chance.one_in(10)) after += chance.pick(items).raw;
    after += chance.one_in(10) && item.time ? encode({*item.time, "." + random_text(chance)}) : item.raw;
  }
  return after;
}

}  // namespace

TEST_CASE("what is shown of a random diary with corrections, and found in it, is what a slow model shows") {
  std::size_t found = 0;
  std::size_t known = 0;
  const TemporaryFolder folder;
  const std::size_t seeds = sanitized() ? 2'000 : 10'000;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    Dice chance(seed);
    Items items(chance);
    Served served(seed % 4 == 0 ? folder.path("diary") : "");
    std::string rest;  // of an item that the owner has not written to its end
    for (std::size_t round = 1 + chance.below(4); round > 0; --round) {
      served.diary += rest + items.some();
      rest.clear();
      if (chance.one_in(5)) {
        served.diary = edited(served.diary, chance);
        served.changed_by_hand();
      }
      if (chance.one_in(4)) {
        rest = items.one();
        const std::size_t half = chance.below(rest.size());
        served.diary += rest.substr(0, half);
        rest.erase(0, half);
      }
      served.learn(chance.one_in(2) ? 1 : std::string::npos);
      const ModelQuery query = make_any_query(chance);
      CAPTURE(seed);
      CAPTURE(query.typed);
      const std::string diary = served.diary;
      CAPTURE(diary);
      const Answer right = Model(diary).answer(query);
      const std::string behind = rest.empty() && chance.one_in(3) ? items.some() : std::string();
      REQUIRE(served.ask(query, chance, behind) == right);
      found += !right.text.empty();
    }
    known += served.known();
  }
  CHECK(found > seeds / 2);  // the questions are not idle
  CHECK(known > 3 * seeds);
}

TEST_CASE("entries, corrections and a strike of few times give the same view in whatever order they came") {
  const auto at = [](int number) { return Timestamp{1'446'038'763'417'293 + number, 480}; };
  const EntryName first{at(0), name_hash("first")};
  const EntryName by_hand{at(1), {}};
  const auto ink = [&](int time, const EntryName& of, const std::string& text) {
    return encode({at(time), correction_text({of, text})});
  };
  const std::vector<std::vector<std::string>> sets{
      {encode({at(0), "first"}), ink(5, first, "older"), ink(6, first, "newer"), ink(6, first, "newest"),
       encode({at(1), "second"})},
      {encode({at(0), "first"}), ink(5, first, "older"), ink(7, first, ""), ink(6, first, "newer"),
       ink(5, by_hand, "lone")},
      {encode({at(1), "second"}), ink(5, by_hand, "other"), encode({at(0), "first"}), ink(4, first, "ink"),
       ink(9, {at(4), name_hash(correction_text({first, "ink"}))}, "ink of ink")},
      {encode({at(1), "second"}), ink(5, by_hand, "whose?"), encode({at(1), "of the same time"}), ink(6, first, "")},
  };
  const std::vector<std::string> texts{"newest", "", "ink", ""};
  for (std::size_t set = 0; set < sets.size(); ++set) {
    CAPTURE(set);
    std::vector<std::string> items = sets[set];
    std::sort(items.begin(), items.end());
    std::optional<std::vector<std::string>> view;
    int orders = 0;
    do {
      Served served("");
      Dice dice(0);
      for (const std::string& item : items) {
        served.diary += item;
        served.learn(std::string::npos);  // it is kept up as they come
      }
      const Answer answer = served.ask({}, dice, {});
      REQUIRE(answer == Model(served.diary).answer({}));
      std::vector<std::string> shown;
      for (const Item& item : items_of(answer.text)) shown.push_back(item.raw);
      std::sort(shown.begin(), shown.end());
      if (!view) view = shown;
      REQUIRE(shown == *view);
      ++orders;
    } while (std::next_permutation(items.begin(), items.end()));
    CHECK(orders >= 24);
    const bool corrected = std::any_of(view->begin(), view->end(), [&](const std::string& item) {
      return !texts[set].empty() && item.ends_with("] " + texts[set] + "\n\n");
    });
    CHECK(corrected == !texts[set].empty());
  }
}
