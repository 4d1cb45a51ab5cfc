#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/import/format.h"
#include "client/import/source.h"

namespace md2 {

/// What the reader of a format makes of the dates in an input, found without reading its entries.
struct DateSurvey {
  bool any_read = false;  ///< one begins an entry somewhere, or the format has them elsewhere than in lines

  /// A line that is likely a date, and is text to the reader.
  struct Unread {
    std::uint64_t line = 0;  ///< counted from 1
    std::string beginning;   ///< of it, as much as a sentence can hold
  };
  std::vector<Unread> unread;
};

/// Reads the source to its end, of a diary of md2's up to its first header. One line in a text
/// that may begin with a date, or goes on with a paragraph, is a sentence's where there are no others.
DateSurvey survey_dates(Format format, Source& source);

}  // namespace md2
