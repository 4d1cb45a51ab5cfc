#pragma once

#include <string_view>

namespace md2 {

/// `YY.MM.DD.HHMM`: the committer date (UTC) of the commit that this was built from.
std::string_view version();

}  // namespace md2
