#pragma once

#include <string_view>
#include <vector>

#include "common/diary/query.h"
#include "common/text/tag.h"

namespace md2 {

/// Sets `ranges` to where words, phrases and tags of the query stand in a line of text; in order, none overlap.
void find_matches(const Query& query, std::string_view line, std::vector<TextRange>& ranges);

}  // namespace md2
