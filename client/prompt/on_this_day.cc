#include "client/prompt/on_this_day.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "client/commands/day_counts.h"
#include "client/page/text_rows.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::size_t most_named = 6;  ///< years

std::string sentence_of(const std::vector<int>& years) {
  if (years.size() > most_named) return tr("{} years since {:04}", years.size(), years.front());
  std::string text;
  for (std::size_t i = 0; i < years.size(); ++i) {
    const std::string joint = i == 0 ? "" : i + 1 == years.size() ? tr(" and ") : tr(", ");
    text += fmt::format("{}{:04}", joint, years[i]);
  }
  return text;
}

}  // namespace

void OnThisDay::add(const ReadItem& read) {
  if (!read.item.time) return;
  const int year = local_date(*read.item.time).year;
  if (year < today_.year && std::find(years_.begin(), years_.end(), year) == years_.end()) years_.push_back(year);
}

std::string OnThisDay::text(PageStyle style) const {
  if (years_.empty()) return {};
  std::vector<int> years = years_;
  std::sort(years.begin(), years.end());
  const std::string line = tr("this day in {}: /{} or /那年今日", sentence_of(years), query);
  return quiet_line(in_rows(line, whole_rows(style.columns)), style.colour);
}

}  // namespace md2
