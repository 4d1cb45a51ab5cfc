#include "client/commands/day_counts.h"

#include <fmt/format.h>

#include "client/terminal/progress.h"
#include "common/os/language.h"
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
    text = tr("{} on {}", trn(days_.entries(), "{} entry", "{} entries", with_commas(days_.entries())),
              days_text(days_.days()));
  }
  if (lines_ > 0) {
    const std::string lines = trn(lines_, "{} line without a time", "{} lines without a time", with_commas(lines_));
    text = text.empty() ? lines : tr("{}, {}", text, lines);
  }
  return text;
}

std::string entries_text(const AnswerCount& count) {
  const DayCounts& days = count.days();
  std::string text = with_commas(days.entries());
  if (days.days() > 0) text = tr("{} on {}", text, days_text(days.days()));
  if (const std::uint64_t lines = count.loose_lines(); lines > 0) {
    text += trn(lines, ", and {} line without a time", ", and {} lines without a time", with_commas(lines));
  }
  return text;
}

std::string days_text(std::uint64_t days) {
  return trn(days, "{} day", "{} days", with_commas(days));
}

std::string quiet_line(const std::string& text, bool colour) {
  return colour ? fmt::format("\033[2m{}\033[22m\n", text) : text + '\n';
}

}  // namespace md2
