// Answers to random questions of random diaries equal those of a model: slow, simple, and made of other parts. It takes
// the question as it was made up, not as it was typed, compares characters one by one, and counts days.
#include <doctest/doctest.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/text/tag.h"
#include "server/diary/search.h"

using namespace md2;

namespace {

using std::chrono::sys_days;

constexpr Date today{2024, 3, 1};  // a Friday
const sys_days now_day = std::chrono::year{2024} / 3 / 1;

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  auto pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937 random_;
};

/// Days, counted from the epoch, and what is typed for them.
struct ModelDays {
  const char* typed;
  bool (*hold)(sys_days day);
};

bool between(sys_days day, sys_days first, sys_days last) {
  return first <= day && day <= last;
}

sys_days ymd(int year, unsigned month, unsigned day) {
  return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
}

std::chrono::year_month_day date(sys_days day) {
  return {day};
}

const ModelDays model_days[] = {
    {"2023", [](sys_days day) { return int{date(day).year()} == 2023; }},
    {"2024/2", [](sys_days day) { return between(day, ymd(2024, 2, 1), ymd(2024, 2, 29)); }},
    {"2024年2月29日", [](sys_days day) { return day == ymd(2024, 2, 29); }},
    {"..2023-12", [](sys_days day) { return day < ymd(2024, 1, 1); }},
    {"昨天..", [](sys_days day) { return day >= now_day - std::chrono::days(1); }},
    {"今天", [](sys_days day) { return day == now_day; }},
    {"上周",
     [](sys_days day) { return between(day, now_day - std::chrono::days(11), now_day - std::chrono::days(5)); }},
    {"this-week",
     [](sys_days day) { return between(day, now_day - std::chrono::days(4), now_day + std::chrono::days(2)); }},
    {"去年", [](sys_days day) { return int{date(day).year()} == 2023; }},
    {"上月", [](sys_days day) { return between(day, ymd(2024, 2, 1), ymd(2024, 2, 29)); }},
    {"周三", [](sys_days day) { return day == now_day - std::chrono::days(2); }},
    {"03-01", [](sys_days day) { return unsigned{date(day).month()} == 3 && unsigned{date(day).day()} == 1; }},
    {"那年今日",
     [](sys_days day) {
       return unsigned{date(day).month()} == 3 && unsigned{date(day).day()} == 1 && int{date(day).year()} != 2024;
     }},
};
const ModelDays last_days[] = {
    {"-7d", [](sys_days day) { return between(day, now_day - std::chrono::days(6), now_day); }},
    {"-2w", [](sys_days day) { return between(day, now_day - std::chrono::days(13), now_day); }},
    {"-3m", [](sys_days day) { return between(day, ymd(2023, 12, 1), now_day); }},
};

struct ModelTerm {
  enum class Kind { days, word, tag } kind = Kind::word;
  std::string text;
  const ModelDays* days = nullptr;
};

struct ModelPart {
  bool negated = false;
  std::vector<ModelTerm> terms;
};

struct ModelQuery {
  std::vector<ModelPart> parts;
  std::optional<std::size_t> last;
  std::string typed;
};

const std::string words[] = {"会议", "work", "Work", "a", "雨", "雪", "x y", "|", "-x", "上周", "absent"};
const std::string tags[] = {"日记", "work", "工作"};

ModelTerm make_term(Chance& chance, std::string& typed) {
  switch (chance.below(4)) {
    case 0: {
      const ModelDays& days = model_days[chance.below(std::size(model_days))];
      typed += days.typed;
      return {ModelTerm::Kind::days, {}, &days};
    }
    case 1: {
      const std::string tag = chance.pick(tags);
      typed += (chance.one_in(2) ? "#" : "＃") + tag;
      return {ModelTerm::Kind::tag, tag};
    }
    default: {
      const std::string word = chance.pick(words);
      const bool quoted = chance.one_in(3) || word.find_first_of(" |-") != word.npos || word == "上周";
      typed += !quoted ? word : chance.one_in(2) ? "\"" + word + "\"" : "“" + word + "”";
      return {ModelTerm::Kind::word, word};
    }
  }
}

ModelQuery make_query(Chance& chance) {
  ModelQuery query;
  for (std::size_t parts = 1 + chance.below(3); parts > 0; --parts) {
    if (!query.typed.empty()) query.typed += ' ';
    if (chance.one_in(8)) {
      const ModelDays& days = last_days[chance.below(std::size(last_days))];
      query.typed += days.typed;
      query.parts.push_back({false, {{ModelTerm::Kind::days, {}, &days}}});
      continue;
    }
    ModelPart part;
    std::string typed;
    for (std::size_t terms = chance.one_in(3) ? 1 + chance.below(4) : 1; terms > 0; --terms) {
      if (!typed.empty()) typed += chance.one_in(4) ? "｜" : "|";
      part.terms.push_back(make_term(chance, typed));
    }
    part.negated = chance.one_in(3) && typed != "2023";  // `-2023` counts
    if (part.negated) query.typed += chance.one_in(4) ? "－" : "-";
    query.typed += typed;
    query.parts.push_back(std::move(part));
  }
  if (chance.one_in(4)) {
    query.last = 1 + chance.below(6);
    query.typed += " -" + std::to_string(*query.last);
  }
  return query;
}

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equal(std::string_view a, std::string_view word) {
  const bool capital = word.find('W') != word.npos;
  if (a.size() != word.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (capital ? a[i] != word[i] : small(a[i]) != small(word[i])) return false;
  }
  return true;
}

bool holds(const ModelTerm& term, const std::string& text, std::optional<sys_days> day) {
  if (term.kind == ModelTerm::Kind::days) return day && term.days->hold(*day);
  if (term.kind == ModelTerm::Kind::tag) {
    for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
      const std::size_t begin = tag->begin + hash_sign_length(text, tag->begin);
      if (equal(std::string_view(text).substr(begin, tag->end - begin), term.text)) return true;
    }
    return false;
  }
  for (std::size_t at = 0; at + term.text.size() <= text.size(); ++at) {
    if (equal(std::string_view(text).substr(at, term.text.size()), term.text)) return true;
  }
  return false;
}

bool holds(const ModelQuery& query, const EntryReader::Item& item) {
  const std::string text = item.text();
  if (text.find_first_not_of(" \n\t") == text.npos) return false;
  std::optional<sys_days> day;
  if (item.time) {
    const Date date = local_date(*item.time);
    day = ymd(date.year, static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
  }
  for (const ModelPart& part : query.parts) {
    bool any = false;
    for (const ModelTerm& term : part.terms) any = any || holds(term, text, day);
    if (any == part.negated) return false;
  }
  return true;
}

std::string random_diary(Chance& chance) {
  const std::string pieces[] = {"会议", "WORK",  "work",   "Work",  "a",     "雨", "雪",  "x y", "|",    "-x",
                                "上周", "#日记", "＃工作", "#work", "#Work", " ",  "[x]", "，",  "\n[b", "\n  c"};
  const std::string dates[] = {"2023-03-01", "2023-11-30", "2023-12-01", "2024-02-18", "2024-02-19", "2024-02-25",
                               "2024-02-26", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "1999-12-31"};
  std::string diary;
  for (std::size_t items = chance.below(30); items > 0; --items) {
    std::string text;
    for (std::size_t n = 1 + chance.below(6); n > 0; --n) text += chance.pick(pieces);
    if (chance.one_in(6)) {
      diary += chance.one_in(3) ? "\n" : "loose " + text.substr(0, text.find('\n')) + "\n";
    } else {
      const std::string time = chance.pick(dates) + " 21:26:03.417293+08:00";
      diary += encode({*parse_timestamp(time), "." + text});
    }
  }
  return diary;
}

/// What the model finds, in diary format.
std::string answer_of_model(const ModelQuery& query, const std::string& diary) {
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  std::vector<std::string> found;
  while (auto item = reader.next()) {
    if (holds(query, *item)) found.push_back(item->raw);
  }
  std::string answer;
  for (std::size_t i = found.size() - std::min(query.last.value_or(found.size()), found.size()); i < found.size(); ++i)
    answer += found[i];
  return answer;
}

std::string answer_of_search(const std::string& question, const std::string& diary, std::size_t chunk) {
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    size = std::min<std::size_t>(size, diary.size() - std::min<std::size_t>(offset, diary.size()));
    std::memcpy(to, diary.data() + offset, size);
    return size;
  };
  Search search(Query::parse(wire_query(question, today), {1999, 1, 1}), diary.size(), read, chunk);
  std::string answer;
  while (search.step(std::string::npos, std::size_t{1} << 30, answer)) {
  }
  return answer;
}

}  // namespace

TEST_CASE("answers to random questions of random diaries are those of a slow model") {
  std::size_t found = 0;
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    Chance chance(seed);
    const std::string diary = random_diary(chance);
    const ModelQuery query = make_query(chance);
    CAPTURE(seed);
    CAPTURE(query.typed);
    CAPTURE(diary);
    const std::string right = answer_of_model(query, diary);
    for (const std::size_t chunk : {std::size_t{50}, std::size_t{300}, Scanner::default_chunk}) {
      REQUIRE(answer_of_search(query.typed, diary, chunk) == right);
    }
    found += !right.empty();
  }
  CHECK(found > 2000);  // the questions are not idle
  CHECK(found < 9000);
}
