#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/diary/query.h"
#include "common/text/literal.h"

namespace md2 {

/// True when the item (`raw` as in EntryReader::Item) matches all parts of the query but -N. `scratch`: see
/// item_text().
bool matches(const Query& query, std::string_view raw, bool has_header, std::string& scratch);

/// Each stands in the `raw` of every item that matches, to the letter, which a phrase of several lines need not:
/// lines are escaped there. The longest word is the first; none when nothing is known.
std::vector<Literal> required_literals(const Query& query);

}  // namespace md2
