#include "common/diary/matches.h"

#include <algorithm>
#include <optional>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool holds_day(const Query::Part& part, std::string_view day) {
  return std::any_of(part.days.begin(), part.days.end(), [&](const DaySet& days) { return days.holds(day); });
}

bool holds_literal(const Query::Part& part, std::string_view text) {
  return std::any_of(part.literals.begin(), part.literals.end(),
                     [&](const Literal& literal) { return literal.find(text, 0).has_value(); });
}

}  // namespace

bool matches(const Query& query, std::string_view raw, bool has_header, std::string& scratch) {
  if (query.empty()) return true;
  if (!has_header && !has_words(raw)) return false;
  const std::string_view day = has_header ? raw.substr(1, 10) : std::string_view();
  const auto rules_out = [&](const Query::Part& part) {  // before the text is looked at
    const bool held = holds_day(part, day);
    return part.negated ? held : !held && part.literals.empty();
  };
  if (std::any_of(query.parts.begin(), query.parts.end(), rules_out)) return false;
  std::optional<std::string_view> text;
  return std::all_of(query.parts.begin(), query.parts.end(), [&](const Query::Part& part) {
    if (part.literals.empty() || (!part.negated && holds_day(part, day))) return true;
    if (!text) text = item_text(raw, has_header, scratch);
    return holds_literal(part, *text) != part.negated;
  });
}

}  // namespace md2
