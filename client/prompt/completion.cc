#include "client/prompt/completion.h"

#include <algorithm>
#include <array>

#include "client/line.h"
#include "common/diary/day_set.h"
#include "common/text/character.h"
#include "common/text/tag.h"
#include "common/text/text.h"

namespace md2 {
namespace {

using Words = std::array<std::string_view, 4>;
constexpr Words commands = {"hi", "r", "?", "quit"};
constexpr std::array<std::string_view, 3> other_parts = {"-10", "-7d", "#"};

/// Where the last hash of the word begins; npos when it has none.
std::size_t find_hash(std::string_view word) {
  if (word.starts_with('#')) return 0;
  return word.rfind("＃");  // several bytes, so it can't be one of word_breaks
}

bool has_capital(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += character_at(text, at).length) {
    if (is_capital(character_at(text, at).code)) return true;
  }
  return false;
}

/// Where the days begin in the part of a question that is being typed: behind the dots of a range, behind a `|` or the
/// `-` that rules out, in either width.
std::size_t find_days(std::string_view part) {
  std::size_t begin = part.starts_with("-") ? 1 : part.starts_with("－") ? std::string_view("－").size() : 0;
  for (const std::string_view sign : {"..", "．．", "|", "｜"}) {
    if (const std::size_t at = part.rfind(sign); at != part.npos) begin = std::max(begin, at + sign.size());
  }
  return begin;
}

/// What the part of a question that is being typed can become. `one_day`: of WHEN.
std::vector<std::string> question_parts(std::string_view typed, const Days& days, bool one_day) {
  constexpr Folding folding{Folding::Case::full, true};
  const std::string lead(typed.substr(0, one_day ? 0 : find_days(typed)));
  const std::string begun = folded(typed.substr(lead.size()), folding);
  using Span = DayName::Span;
  std::vector<std::string> parts;
  for (const DayName& name : day_names()) {
    if (!name.name.starts_with(begun)) continue;
    // There are many, which who has typed nothing yet need not read.
    if (name.span == Span::weekday ? begun.empty() : one_day && name.span != Span::day) continue;
    if (name.span == Span::on_this_day && (lead.ends_with('.') || lead.ends_with("．"))) continue;
    parts.push_back(lead + std::string(name.name));
  }
  for (const std::string& date : days.with_prefix(begun)) parts.push_back(lead + date);
  // What else there is shows to who has typed nothing yet.
  if (typed.empty() && !one_day) parts.insert(parts.end(), other_parts.begin(), other_parts.end());
  return parts;
}

}  // namespace

void Tags::see(std::string_view text) {
  for (auto tag = find_tag(text, 0); tag; tag = find_tag(text, tag->end)) {
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

std::vector<std::string> Tags::with_prefix(std::string_view prefix, Folding folding) const {
  const std::string wanted = folded(prefix, folding);
  std::vector<std::string> found;
  for (const std::string& name : newest_first_) {
    if (folded(name, folding).starts_with(wanted)) found.push_back(name);
  }
  return found;
}

std::vector<std::string> completions(std::string_view before, std::string_view word, const Tags& tags, const Days& days,
                                     bool ignore_case) {
  std::vector<std::string> matches;
  const auto add = [&](std::size_t lead, std::string_view match) {
    matches.push_back(std::string(word.substr(0, lead)).append(match));
  };
  const auto folding_of = [&](std::string_view typed) {
    return Folding{ignore_case || !has_capital(typed) ? Folding::Case::full : Folding::Case::exact, true};
  };
  if (const std::size_t at = find_hash(word); at != std::string_view::npos) {
    // The same hash in front as was typed, ASCII or full-width; the diary is asked for the ASCII one.
    const std::size_t lead = at + hash_sign_length(word, at);
    for (const std::string& tag : tags.with_prefix(word.substr(lead), folding_of(word.substr(lead)))) {
      // A tag comes from the diary: what a terminal would obey must not get into the line.
      if (sanitised(tag) == tag) add(lead, tag);
    }
    return matches;
  }
  const std::size_t sign = before.empty() ? question_sign_length(word, LineSource::terminal) : 0;
  if (sign > 0 || (question_sign_length(before, LineSource::terminal) > 0 && before.find('\n') == before.npos)) {
    const Line asked = parse_line(before, LineSource::terminal);
    const bool dated = asked.kind == Line::Kind::dated_entry;
    if (dated && !asked.text.empty()) return matches;  // the text
    for (const std::string& match : question_parts(word.substr(sign), days, dated)) add(sign, match);
    for (const QuestionWord& command : question_words()) {
      if (sign > 0 && command.word.starts_with(word.substr(sign))) add(sign, command.word);
    }
  } else if (before.empty()) {
    const Folding folding = folding_of(word);
    for (const std::string_view command : commands) {
      if (folded(command, folding).starts_with(folded(word, folding))) add(0, command);
    }
  }
  return matches;
}

}  // namespace md2
