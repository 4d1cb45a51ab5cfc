#include "server/diary/matches.h"

#include <algorithm>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool matches_day(const Query& query, std::string_view day) {
  if (query.never) return false;
  if (!query.first_day.empty() && (day < query.first_day || day > query.last_day)) return false;
  return query.day_of_year.empty() || day.substr(5) == query.day_of_year;
}

}  // namespace

bool matches(const Query& query, std::string_view raw, bool has_header, std::string& scratch) {
  if (query.empty()) return true;
  if (query.dated() && (!has_header || !matches_day(query, raw.substr(1, 10)))) return false;
  if (!has_header && !has_words(raw)) return false;
  if (query.literals.empty()) return true;
  const std::string_view text = item_text(raw, has_header, scratch);
  return std::all_of(query.literals.begin(), query.literals.end(),
                     [&](const Literal& literal) { return literal.find(text, 0).has_value(); });
}

std::vector<Literal> required_literals(const Query& query) {
  std::vector<Literal> literals;
  for (const Literal& literal : query.literals) {
    if (const auto part = literal.fast_part()) {
      literals.push_back(*part);
    } else if (literal.bytes().find('\n') == std::string::npos) {
      literals.push_back(literal);
    }
  }
  std::stable_sort(literals.begin(), literals.end(),
                   [](const Literal& a, const Literal& b) { return a.bytes().size() > b.bytes().size(); });
  if (!query.day_of_year.empty()) literals.emplace_back("-" + query.day_of_year + " ");
  if (!query.first_day.empty()) {
    const auto differ = std::mismatch(query.first_day.begin(), query.first_day.end(), query.last_day.begin()).first;
    literals.emplace_back("[" + std::string(query.first_day.begin(), differ));
  }
  return literals;
}

}  // namespace md2
