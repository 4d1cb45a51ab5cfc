#pragma once

#include <vector>

#include "common/diary/query.h"
#include "common/text/literal.h"

namespace md2 {

/// One or more of which at least one must stand there.
using Alternatives = std::vector<Literal>;

/// Of each, one stands in the `raw` of every item that matches (common/diary/matches.h), to the letter, which a phrase
/// of several lines need not: lines are escaped there. Those with the longest words are the first; none when nothing is
/// known, as of a query that only says what must not be there.
std::vector<Alternatives> required_literals(const Query& query);

}  // namespace md2
