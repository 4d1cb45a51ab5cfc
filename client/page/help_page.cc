#include "client/page/help_page.h"

#include <algorithm>

#include "client/page/text_rows.h"
#include "common/diary/help.h"
#include "common/os/language.h"
#include "common/text/cluster.h"

namespace md2 {
namespace {

constexpr int columns_of_text = 80;

/// Where a meaning stands beside its keys, and from how many columns on there is room for that.
constexpr std::size_t beside_column = 14;
constexpr std::size_t room_beside = 36;
constexpr std::size_t below = 4;

}  // namespace

std::string help_page(int columns) {
  if (columns >= columns_of_text) return help_text();
  const auto width = static_cast<std::size_t>(std::max(columns, 2));
  std::string out = in_rows(tr(help_heading), {width, 0}) + '\n';
  const bool narrow = width < room_beside;
  const std::size_t indent = narrow ? std::min(below, width - 2) : beside_column;
  for (const HelpRow& row : help_rows) {
    const std::string keys = tr(row.keys);
    const std::size_t taken = 2 + columns_of_line(keys);
    out.append(2, ' ').append(keys);
    narrow ? out.append(1, '\n').append(indent, ' ') : out.append(beside_column - std::min(beside_column, taken), ' ');
    out += in_rows(tr(row.meaning), {width, indent});
    out += '\n';
  }
  return out;
}

}  // namespace md2
