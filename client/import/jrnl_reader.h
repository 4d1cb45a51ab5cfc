#pragma once

#include <string_view>

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/os/clock.h"

namespace md2 {

/// A journal of jrnl (jrnl.sh) as it keeps it:
///
///     [2015-10-28 21:26] A title, up to the first newline or full stop. *
///     The body, with blank lines
///
///     and lines that begin with `[` but with no date.
///
///     [2015-10-29 09:05:00 PM] ...
///
/// Its configuration says how a time looks (`timeformat`): any that read_written_date() understands. The star of what
/// is starred stays where it is. What stands before the first header is paragraphs.
void read_jrnl(Source& source, Clock& clock, const TakeItem& take);

/// True for a line with such a header.
bool is_jrnl_header(std::string_view line);

}  // namespace md2
