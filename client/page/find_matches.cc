#include "client/page/find_matches.h"

#include <algorithm>
#include <iterator>

namespace md2 {

void find_matches(const Query& query, std::string_view line, std::vector<TextRange>& ranges) {
  ranges.clear();
  for (const Query::Part& part : query.parts) {
    if (part.negated) continue;
    for (const Literal& literal : part.literals) {
      for (auto hit = literal.find(line, 0); hit; hit = literal.find(line, hit->end)) ranges.push_back(*hit);
    }
  }
  if (ranges.size() < 2) return;
  std::sort(ranges.begin(), ranges.end(), [](const TextRange& a, const TextRange& b) { return a.begin < b.begin; });
  auto last = ranges.begin();
  for (auto range = std::next(last); range != ranges.end(); ++range) {
    if (range->begin <= last->end) {
      last->end = std::max(last->end, range->end);
    } else {
      *++last = *range;
    }
  }
  ranges.erase(std::next(last), ranges.end());
}

}  // namespace md2
