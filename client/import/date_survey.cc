#include "client/import/date_survey.h"

#include <string_view>

#include "client/import/jrnl_reader.h"
#include "client/import/likely_date.h"
#include "client/import/org_reader.h"
#include "client/import/written_date.h"
#include "common/diary/entry.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// The line begins an entry.
bool is_read(Format format, std::string_view line) {
  switch (format) {
    case Format::diary:
      return is_header(line);
    case Format::jrnl:
      return is_jrnl_header(line);
    case Format::org:
      return is_org_day(line);
    case Format::dated:
      return read_written_date(line).has_value();
    case Format::json:
    case Format::paragraphs:
      break;
  }
  return false;
}

/// Where a program writes the dates, only what stands where it would have written one counts.
LikelyDate likely_in(Format format, std::string_view line) {
  if (format == Format::jrnl && !line.starts_with('[')) return LikelyDate::no;
  if (format == Format::org) {
    const std::string_view heading = org_heading(line);
    return heading.empty() ? LikelyDate::no : likely_date(heading);
  }
  return likely_date(line);
}

}  // namespace

DateSurvey survey_dates(Format format, Source& source) {
  DateSurvey found;
  found.any_read = format == Format::json || format == Format::paragraphs;
  if (found.any_read) return found;
  const bool is_text = format == Format::diary;
  SourceLines lines(source);
  std::size_t likely = 0;  // lines
  bool first = true;       // that is not blank
  while (const auto line = lines.next()) {
    if (trimmed(*line).empty()) continue;
    if (is_read(format, *line)) {
      found.any_read = true;
      if (is_text) return found;
    } else if (const LikelyDate one = likely_in(format, *line);
               one == LikelyDate::heading || (is_text && one == LikelyDate::sentence)) {
      if (likely++ == 0) {
        found.unread_at = lines.number();
        found.unread = *line;
      }
      if (first) likely = 2;
    }
    first = false;
  }
  if (is_text && likely < 2) found.unread_at = 0;
  return found;
}

}  // namespace md2
