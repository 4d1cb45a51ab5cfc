#include "client/import/format.h"

#include <algorithm>
#include <array>

#include "client/import/dated_reader.h"
#include "client/import/diary_reader.h"
#include "client/import/jrnl_reader.h"
#include "client/import/json_reader.h"
#include "client/import/likely_date.h"
#include "client/import/org_reader.h"
#include "client/import/written_date.h"
#include "common/diary/entry.h"
#include "common/os/language.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::array all_formats = {
    FormatName{Format::diary, "diary", tr_later("md2's diary format")},
    FormatName{Format::jrnl, "jrnl", tr_later("a journal of jrnl")},
    FormatName{Format::json, "json", tr_later("JSON of md2, jrnl or Day One")},
    FormatName{Format::org, "org", tr_later("an org journal")},
    FormatName{Format::dated, "dated", tr_later("text under dates")},
    FormatName{Format::paragraphs, "paragraphs", tr_later("paragraphs without dates")},
};

/// What lines say of the format of them all.
struct Signs {
  bool diary = false;
  bool jrnl = false;
  bool org = false;
  bool has_heading = false;  ///< a paragraph begins with a date, maybe one that can't be read, and little else
  int dated = 0;             ///< lines that begin with one that can

  /// One date at the head of a line somewhere may belong to a sentence.
  bool are_dates() const { return dated > (has_heading ? 0 : 1); }
};

Signs signs_of(std::string_view text) {
  Signs signs;
  bool begins_paragraph = true;
  bool first = true;
  for (std::string_view line : Lines(text)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trimmed(line).empty()) {
      begins_paragraph = true;
      continue;
    }
    signs.diary = signs.diary || is_header(line);
    signs.jrnl = signs.jrnl || is_jrnl_header(line);
    signs.org = signs.org || is_org_day(line);
    const auto written = read_written_date(line);
    if (written) ++signs.dated;
    if (begins_paragraph && (first || (written && written->rest.empty())))
      signs.has_heading = signs.has_heading || likely_date(line) == LikelyDate::heading;
    begins_paragraph = first = false;
  }
  return signs;
}

/// The beginning of an object, or of an array of them. Text may begin with a brace, but not with one and a quote.
bool is_json(std::string_view head) {
  constexpr std::string_view blanks = " \t\r\n";
  std::size_t at = head.find_first_not_of(blanks);
  if (at != head.npos && head[at] == '[') at = head.find_first_not_of(blanks, at + 1);
  if (at == head.npos || head[at] != '{') return false;
  at = head.find_first_not_of(blanks, at + 1);
  return at != head.npos && head[at] == '"';
}

}  // namespace

std::span<const FormatName> format_names() {
  return all_formats;
}

const FormatName& name_of(Format format) {
  return *std::ranges::find(all_formats, format, &FormatName::format);
}

std::optional<Format> recognise(std::string_view head, bool whole) {
  if (head.starts_with(byte_order_mark)) head.remove_prefix(byte_order_mark.size());
  if (is_json(head)) return Format::json;
  if (!whole) head = head.substr(0, head.rfind('\n') + 1);
  const Signs signs = signs_of(head);
  if (signs.diary) return Format::diary;
  if (!whole) return std::nullopt;
  return signs.jrnl ? Format::jrnl : signs.org ? Format::org : signs.are_dates() ? Format::dated : Format::diary;
}

void read_items(Format format, Source& source, Clock& clock, const TakeItem& take) {
  switch (format) {
    case Format::jrnl:
      return read_jrnl(source, clock, take);
    case Format::dated:
      return read_dated_text(source, clock, take);
    case Format::org:
      return read_org(source, clock, take);
    case Format::json:
      return read_json(source, clock, take);
    case Format::diary:
      return read_diary(source, take);
    case Format::paragraphs:
      return read_paragraphs(source, take);
  }
}

}  // namespace md2
