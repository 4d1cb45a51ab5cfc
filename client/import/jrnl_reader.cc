#include "client/import/jrnl_reader.h"

#include "client/import/dated_items.h"
#include "client/import/written_date.h"

namespace md2 {

std::optional<JrnlHeader> parse_jrnl_header(std::string_view line, Clock& clock) {
  constexpr std::size_t longest = 80;  // bytes of a date, in whatever words
  if (!line.starts_with('[')) return std::nullopt;
  const std::size_t end = line.substr(0, longest).find(']');
  if (end == line.npos || line.substr(end + 1, 1) != " ") return std::nullopt;
  const auto written = read_written_date(line.substr(1, end - 1));
  if (!written || !written->rest.empty()) return std::nullopt;
  return JrnlHeader{moment_of(*written, clock), line.substr(end + 2)};
}

void read_jrnl(Source& source, Clock& clock, const TakeItem& take) {
  SourceLines lines(source);
  DatedItems items(take);
  while (const auto line = lines.next()) {
    if (const auto header = parse_jrnl_header(*line, clock)) {
      items.begin(header->time, lines.number());
      items.add(header->rest, lines.number());
    } else {
      items.add(*line, lines.number());
    }
  }
  items.end();
}

}  // namespace md2
