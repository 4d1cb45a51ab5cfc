#include "client/commands/fact.h"

#include <algorithm>
#include <cstddef>

#include "client/page/calendar_names.h"
#include "client/page/text_rows.h"

namespace md2 {
namespace {

constexpr std::size_t label_columns = 10;

}  // namespace

void append_fact(std::string& out, std::string_view label, const std::string& text, int columns) {
  const auto least = static_cast<int>(2 * label_columns);
  const auto width = columns == 0 ? 0 : static_cast<std::size_t>(std::max(columns, least));
  out += fitted(label, label_columns);
  out += in_rows(text, {width, label_columns});
  out += '\n';
}

}  // namespace md2
