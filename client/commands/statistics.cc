#include "client/commands/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "client/commands/fact.h"
#include "client/commands/month_sheet.h"
#include "client/page/calendar_names.h"
#include "client/page/text_rows.h"
#include "client/terminal/progress.h"
#include "common/os/language.h"
#include "common/text/cluster.h"

namespace md2 {
namespace {

constexpr int columns_for_three = 76;  ///< blocks of bars side by side
constexpr std::size_t column_gap = 3;  ///< columns between them
constexpr std::size_t longest_bar = 50;

struct Bar {
  std::string label;
  std::uint64_t value = 0;
};

/// `Mon  12  ####`, each line `columns` wide; `most`: of all values that these are compared with.
std::vector<std::string> bar_lines(const std::vector<Bar>& bars, std::uint64_t most, std::size_t columns) {
  std::size_t label = 0;
  for (const Bar& bar : bars) label = std::max(label, columns_of_line(bar.label));
  const std::size_t number = with_commas(most).size();
  const std::size_t beside = label + 2 + number + 2;
  const std::size_t room = std::min(columns > beside ? columns - beside : 1, longest_bar);
  std::vector<std::string> lines;
  lines.reserve(bars.size());
  for (const Bar& bar : bars) {
    std::size_t length = most == 0 ? 0 : static_cast<std::size_t>(bar.value * room / most);
    if (bar.value > 0) length = std::max<std::size_t>(length, 1);
    const std::string line = fmt::format("{}  {:>{}}  {}", fitted(bar.label, label), with_commas(bar.value), number,
                                         std::string(length, '#'));
    lines.push_back(fitted(line, columns));
  }
  return lines;
}

std::string moment(Timestamp time) {
  const std::string written = to_string(time);
  return fmt::format("{} {} {}", written.substr(0, 10), weekday_name(weekday(local_date(time))), written.substr(11, 5));
}

std::string date_text(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

}  // namespace

void Statistics::add(const ReadItem& read) {
  const EntryReader::Item& item = read.item;
  count_.add(item);
  words_.add(read.text);
  if (!item.time) return;
  if (!first_ || item.time->micros < first_->micros) first_ = item.time;
  if (!last_ || item.time->micros >= last_->micros) last_ = item.time;
  // The header has been checked: [YYYY-MM-DD HH:...
  const int hour = (item.raw[12] - '0') * 10 + (item.raw[13] - '0');
  ++hours_[static_cast<std::size_t>(hour)];
}

Statistics::Runs Statistics::runs() const {
  Runs runs;
  Run run;
  const std::chrono::sys_days today = to_day(today_);
  count_.days().each([&](Date day, std::uint64_t) {
    const bool goes_on = run.days > 0 && to_day(day) - to_day(run.last) == std::chrono::days(1);
    run = goes_on ? Run{run.first, day, run.days + 1} : Run{day, day, 1};
    if (run.days > runs.longest.days) runs.longest = run;
    const auto since = today - to_day(day);
    if (since == std::chrono::days(0) || since == std::chrono::days(1)) runs.now = run;
  });
  return runs;
}

std::string Statistics::facts(int columns) const {
  std::string out;
  const auto add = [&](std::string_view label, const std::string& text) { append_fact(out, label, text, columns); };
  add(tr("entries"), entries_text(count_));
  add(tr("text"),
      tr("{} and {}",
         trn(words_.characters, "{} Chinese character", "{} Chinese characters", with_commas(words_.characters)),
         trn(words_.words, "{} word of other scripts", "{} words of other scripts", with_commas(words_.words))));
  if (!first_) return out;
  add(tr("first"), moment(*first_));
  add(tr("last"), moment(*last_));
  const Runs all = runs();
  std::string most = tr("at most {}", days_text(static_cast<std::uint64_t>(all.longest.days)));
  if (all.longest.days > 1) {
    most += tr(", from {} to {}", date_text(all.longest.first), date_text(all.longest.last));
  }
  add(tr("in a row"),
      tr("{} now; {}", all.now.days == 0 ? tr("none") : days_text(static_cast<std::uint64_t>(all.now.days)), most));
  return out;
}

std::string Statistics::bars(int columns) const {
  std::array<std::uint64_t, 7> on{};
  count_.days().each([&](Date day, std::uint64_t entries) { on[static_cast<std::size_t>(weekday(day))] += entries; });
  std::vector<Bar> days;
  for (std::size_t i = 1; i <= on.size(); ++i) {
    days.push_back({weekday_name(static_cast<int>(i % on.size())), on[i % on.size()]});
  }
  std::vector<Bar> hours;
  hours.reserve(hours_.size());
  for (std::size_t i = 0; i < hours_.size(); ++i) hours.push_back({fmt::format("{:02}", i), hours_[i]});
  const std::uint64_t most_of_days = *std::max_element(on.begin(), on.end());
  const std::uint64_t most_of_hours = *std::max_element(hours_.begin(), hours_.end());
  const auto width = static_cast<std::size_t>(columns);
  if (columns < columns_for_three) {
    return side_by_side({bar_lines(days, most_of_days, width)}, 0) + '\n' +
           side_by_side({bar_lines(hours, most_of_hours, width)}, 0);
  }
  const auto noon = hours.begin() + static_cast<std::ptrdiff_t>(hours.size() / 2);
  const std::size_t third = (width - 2 * column_gap) / 3;
  return side_by_side({bar_lines(days, most_of_days, third), bar_lines({hours.begin(), noon}, most_of_hours, third),
                       bar_lines({noon, hours.end()}, most_of_hours, third)},
                      column_gap);
}

std::string Statistics::text(PageStyle style) const {
  const int columns = style.columns == 0 ? columns_without_terminal : style.columns;
  std::string out = facts(style.columns);
  if (first_) out += '\n' + bars(columns);
  return out;
}

}  // namespace md2
