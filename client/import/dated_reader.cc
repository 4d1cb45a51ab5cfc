#include "client/import/dated_reader.h"

#include <optional>

#include "client/import/dated_items.h"
#include "client/import/written_date.h"

namespace md2 {

void read_dated_text(Source& source, Clock& clock, const TakeItem& take) {
  SourceLines lines(source);
  DatedItems items(take);
  std::optional<WrittenDate::Form> form;
  while (const auto line = lines.next()) {
    const auto written = read_written_date(*line);
    if (written && form.value_or(written->form) == written->form) {
      form = written->form;
      items.begin(moment_of(*written, clock), lines.number());
      if (!written->rest.empty()) items.add(written->rest, lines.number());
    } else {
      items.add(*line, lines.number());
    }
  }
  items.end_of_input();
}

}  // namespace md2
