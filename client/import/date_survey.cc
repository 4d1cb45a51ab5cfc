#include "client/import/date_survey.h"

#include <string_view>
#include <utility>

#include "client/import/jrnl_reader.h"
#include "client/import/likely_date.h"
#include "client/import/org_reader.h"
#include "client/import/written_date.h"
#include "common/diary/entry.h"
#include "common/text/cluster.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Tells which lines begin entries, and which others look as if they did.
class Sorter {
 public:
  explicit Sorter(Format format) : format_(format) {}

  LikelyDate likely(std::string_view line) {
    is_read_ = false;
    switch (format_) {
      case Format::diary:
        is_read_ = is_header(line);
        if (const std::string_view heading = org_heading(line); !heading.empty()) line = heading;
        break;
      case Format::jrnl:
        is_read_ = is_jrnl_header(line);
        if (!line.starts_with('[')) return LikelyDate::no;  // no program has written that
        break;
      case Format::org:
        is_read_ = is_org_day(line);
        line = org_heading(line);
        if (is_read_ && is_of_either_order(line)) return LikelyDate::heading;
        break;
      case Format::dated:
        return likely_in_dated(line);
      case Format::json:
      case Format::paragraphs:
        return LikelyDate::no;
    }
    return is_read_ ? LikelyDate::no : likely_date(line);
  }

  bool is_read() const { return is_read_; }

 private:
  /// A date in another form than the first one is text, and may be meant as a date when it is all of the line.
  LikelyDate likely_in_dated(std::string_view line) {
    const auto written = read_written_date(line);
    if (!written) return likely_date(line);
    if (!std::exchange(has_form_, true)) form_ = written->form;
    is_read_ = written->form == form_;
    return !is_read_ && columns_of_line(written->rest) <= weather ? LikelyDate::heading : LikelyDate::no;
  }

  static constexpr std::size_t weather = 12;  ///< columns that stand behind a date and are no sentence

  Format format_;
  bool is_read_ = false;
  bool has_form_ = false;
  WrittenDate::Form form_{};
};

std::string beginning_of(std::string_view line) {
  constexpr std::size_t most = 30;  // columns
  std::size_t end = 0;
  for (std::size_t columns = 0; end < line.size();) {
    const Cluster next = cluster_at(line, end);
    columns += static_cast<std::size_t>(next.columns);
    if (columns > most) return std::string(line.substr(0, end)) + "…";
    end += next.length;
  }
  return std::string(line);
}

}  // namespace

DateSurvey survey_dates(Format format, Source& source) {
  DateSurvey found;
  found.any_read = format == Format::json || format == Format::paragraphs;
  if (found.any_read) return found;
  const bool is_text = format == Format::diary;
  SourceLines lines(source);
  Sorter sorter(format);
  bool begins_paragraph = true;
  bool is_sure = false;
  bool behind_either = false;  // a heading that can be read in two ways
  while (const auto line = lines.next()) {
    if (trimmed(*line).empty()) {
      begins_paragraph = true;
      continue;
    }
    // What org-journal keeps below a heading says which day it is.
    if (format == Format::org && behind_either && trimmed(*line).ends_with(":PROPERTIES:")) found.unread.pop_back();
    const LikelyDate likely = sorter.likely(*line);
    behind_either = likely == LikelyDate::heading && sorter.is_read();
    found.any_read = found.any_read || sorter.is_read();
    if (is_text && found.any_read) return {true, {}};
    if (likely == LikelyDate::heading || (is_text && likely == LikelyDate::sentence)) {
      found.unread.push_back({lines.number(), beginning_of(*line)});
      is_sure = is_sure || (begins_paragraph && likely == LikelyDate::heading);
    }
    begins_paragraph = false;
  }
  if (is_text && found.unread.size() < 2 && !is_sure) found.unread.clear();
  return found;
}

}  // namespace md2
