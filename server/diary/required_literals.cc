#include "server/diary/required_literals.h"

#include <algorithm>
#include <optional>

namespace md2 {
namespace {

/// What stands in the header of each of those days.
void add_literals(Alternatives& to, const DaySet& days) {
  if (!days.day_of_year.empty()) {
    to.emplace_back("-" + days.day_of_year + " ");
    if (!days.but_year.empty() && days.day_of_year == "02-28") to.emplace_back("-02-29 ");
    return;
  }
  const auto differ = std::mismatch(days.first.begin(), days.first.end(), days.last.begin()).first;
  to.emplace_back("[" + std::string(days.first.begin(), differ));
}

/// Something that stands wherever the literal does; nothing when there is no such thing on one line.
std::optional<Literal> on_one_line(const Literal& literal) {
  if (auto part = literal.fast_part()) return part;
  return literal.bytes().find('\n') == std::string::npos ? std::optional(literal) : std::nullopt;
}

/// Empty when nothing is known to stand there.
Alternatives alternatives(const Query::Part& part) {
  Alternatives all;
  if (part.negated) return all;
  for (const Literal& literal : part.literals) {
    auto one = on_one_line(literal);
    if (!one) return {};
    all.push_back(*std::move(one));
  }
  for (const DaySet& days : part.days) add_literals(all, days);
  return all;
}

std::size_t shortest(const Alternatives& all) {
  return std::ranges::min(all, {}, [](const Literal& literal) { return literal.bytes().size(); }).bytes().size();
}

}  // namespace

std::vector<Alternatives> required_literals(const Query& query) {
  std::vector<Alternatives> required;
  std::vector<Alternatives> of_days;
  DaySet range{"0000-01-01", "9999-12-31", {}, {}};  // what all ranges have in common
  bool ranges = false;
  for (const Query::Part& part : query.parts) {
    const bool one_range = !part.negated && part.literals.empty() && part.days.size() == 1;
    if (one_range && part.days[0].day_of_year.empty()) {
      range.first = std::max(range.first, part.days[0].first);
      range.last = std::min(range.last, part.days[0].last);
      ranges = true;
    } else if (Alternatives all = alternatives(part); !all.empty()) {
      (part.days.empty() ? required : of_days).push_back(std::move(all));
    }
  }
  std::stable_sort(required.begin(), required.end(),
                   [](const Alternatives& a, const Alternatives& b) { return shortest(a) > shortest(b); });
  if (ranges) add_literals(of_days.emplace_back(), range);
  std::ranges::move(of_days, std::back_inserter(required));
  return required;
}

}  // namespace md2
