#pragma once

#include <cstdint>
#include <string>

#include "client/import/format.h"
#include "client/import/source.h"

namespace md2 {

/// What the reader of a format makes of the dates in an input, found without reading its entries.
struct DateSurvey {
  bool any_read = false;        ///< it begins an entry somewhere, or its format does so by other means than lines
  std::uint64_t unread_at = 0;  ///< the first line that is likely a date and is text to the reader, from 1; 0: none
  std::string unread;           ///< that line
};

/// Reads the source to its end, of a diary of md2's up to its first header. One date at the head of a line may belong
/// to a sentence where there are no others.
DateSurvey survey_dates(Format format, Source& source);

}  // namespace md2
