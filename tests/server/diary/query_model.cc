#include "tests/server/diary/query_model.h"

#include "common/text/tag.h"

namespace md2::test {
namespace {

using std::chrono::sys_days;

const sys_days now_day = std::chrono::year{2024} / 3 / 1;

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

const std::string words[] = {"会议", "work", "Work", "a", "雨", "雪", "x y", "|", "-x", "上周", "absent"};
const std::string tags[] = {"日记", "work", "工作"};

ModelTerm make_term(Dice& chance, std::string& typed) {
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

}  // namespace

ModelQuery make_query(Dice& chance) {
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

bool holds(const ModelQuery& query, const std::string& text, std::optional<Timestamp> time) {
  if (!time && text.find_first_not_of(" \n\t") == text.npos) return query.parts.empty() && !query.last;
  std::optional<sys_days> day;
  if (time) {
    const Date date = local_date(*time);
    day = ymd(date.year, static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
  }
  for (const ModelPart& part : query.parts) {
    bool any = false;
    for (const ModelTerm& term : part.terms) any = any || holds(term, text, day);
    if (any == part.negated) return false;
  }
  return true;
}

std::string random_text(Dice& chance) {
  const std::string pieces[] = {"会议", "WORK",  "work",   "Work",  "a",     "雨", "雪",  "x y", "|",    "-x",
                                "上周", "#日记", "＃工作", "#work", "#Work", " ",  "[x]", "，",  "\n[b", "\n  c"};
  std::string text;
  for (std::size_t n = 1 + chance.below(6); n > 0; --n) text += chance.pick(pieces);
  return text;
}

std::string random_time(Dice& chance) {
  const std::string dates[] = {"2023-03-01", "2023-11-30", "2023-12-01", "2024-02-18", "2024-02-19", "2024-02-25",
                               "2024-02-26", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "1999-12-31"};
  return chance.pick(dates) + " 21:26:03.417293+08:00";
}

}  // namespace md2::test
