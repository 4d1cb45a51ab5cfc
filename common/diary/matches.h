#pragma once

#include <string>
#include <string_view>

#include "common/diary/query.h"

namespace md2 {

/// True when the item (`raw` as in EntryReader::Item) matches all parts of the query but -N, which no item can answer
/// by itself. `scratch`: see item_text().
bool matches(const Query& query, std::string_view raw, bool has_header, std::string& scratch);

}  // namespace md2
