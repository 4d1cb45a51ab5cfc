#include "client/commands/day_counts.h"

#include <fmt/format.h>

#include "client/terminal/progress.h"
#include "common/text/text.h"

namespace md2 {

std::size_t DayCounts::place(Date day) {
  return static_cast<std::size_t>(day.month - 1) * longest_month + static_cast<std::size_t>(day.day - 1);
}

void DayCounts::add(Date day) {
  if (last_ == nullptr || last_year_ != day.year) {
    last_ = &years_[day.year];
    last_year_ = day.year;
  }
  if ((*last_)[place(day)]++ == 0) ++days_;
  ++entries_;
}

std::uint64_t DayCounts::on(Date day) const {
  const auto year = years_.find(day.year);
  return year == years_.end() ? 0 : year->second[place(day)];
}

void DayCounts::each(const std::function<void(Date day, std::uint64_t entries)>& take) const {
  for (const auto& [year, entries] : years_) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i] == 0) continue;
      take({year, static_cast<int>(i / longest_month) + 1, static_cast<int>(i % longest_month) + 1}, entries[i]);
    }
  }
}

void AnswerCount::add(const EntryReader::Item& item) {
  if (item.time) {
    days_.add(local_date(*item.time));
  } else if (has_words(item.raw)) {
    ++lines_;
  }
}

std::string AnswerCount::text() const {
  std::string text;
  if (days_.entries() > 0) {
    text = fmt::format("{} on {}", counted(days_.entries(), "entry", "entries"), counted(days_.days(), "day", "days"));
  }
  if (lines_ > 0) {
    if (!text.empty()) text += ", ";
    text += counted(lines_, "line without a time", "lines without a time");
  }
  return text;
}

std::string entries_text(const AnswerCount& count) {
  const DayCounts& days = count.days();
  std::string text = with_commas(days.entries());
  if (days.days() > 0) text += " on " + counted(days.days(), "day", "days");
  if (const std::uint64_t lines = count.loose_lines(); lines > 0) {
    text += ", and " + counted(lines, "line without a time", "lines without a time");
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", with_commas(number), number == 1 ? one : several);
}

std::string quiet_line(const std::string& text, bool colour) {
  return colour ? fmt::format("\033[2m{}\033[22m\n", text) : text + '\n';
}

}  // namespace md2
