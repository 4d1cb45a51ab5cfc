#include "client/import/jrnl_reader.h"

#include <algorithm>
#include <optional>

#include "client/import/dated_items.h"
#include "client/import/written_date.h"

namespace md2 {

namespace {

struct Header {
  WrittenDate date;
  std::string_view rest;
};

std::optional<Header> header_in(std::string_view line) {
  constexpr std::size_t longest = 80;  // bytes of a date, in whatever words
  if (!line.starts_with('[')) return std::nullopt;
  const std::size_t end = line.substr(0, longest).find(']');
  if (end == line.npos || (end + 1 < line.size() && line[end + 1] != ' ')) return std::nullopt;
  const auto written = read_written_date(line.substr(1, end - 1));
  if (!written || !written->rest.empty()) return std::nullopt;
  return Header{*written, line.substr(std::min(end + 2, line.size()))};
}

}  // namespace

bool is_jrnl_header(std::string_view line) {
  return header_in(line).has_value();
}

void read_jrnl(Source& source, Clock& clock, const TakeItem& take) {
  SourceLines lines(source);
  DatedItems items(take);
  while (const auto line = lines.next()) {
    if (const auto header = header_in(*line)) {
      items.begin(moment_of(header->date, clock), lines.number());
      items.add(header->rest, lines.number());
    } else {
      items.add(*line, lines.number());
    }
  }
  items.end_of_input();
}

}  // namespace md2
