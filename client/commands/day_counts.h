#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "common/diary/entry_reader.h"
#include "common/diary/timestamp.h"

namespace md2 {

/// How many entries each day has, by the writer's clock. Memory grows with the years that have any, 1.5 KiB each, not
/// with the entries.
class DayCounts {
 public:
  void add(Date day);

  std::uint64_t entries() const { return entries_; }
  std::uint64_t days() const { return days_; }  ///< that have any

  std::uint64_t on(Date day) const;

  /// All days that have any, in order.
  void each(const std::function<void(Date day, std::uint64_t entries)>& take) const;

 private:
  static constexpr std::size_t longest_month = 31;
  using Year = std::array<std::uint32_t, 12 * longest_month>;

  static std::size_t place(Date day);

  std::map<int, Year> years_;
  Year* last_ = nullptr;  ///< that was added to, of the map: nearly always the next one as well
  int last_year_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t days_ = 0;
};

/// What an answer holds, for the line below it.
class AnswerCount {
 public:
  void add(const EntryReader::Item& item);

  /// `12 entries on 5 days`, `12 entries on 5 days, 2 lines without a time`. Blank loose lines don't count.
  std::string text() const;

  bool empty() const { return days_.entries() == 0 && lines_ == 0; }

  /// There is more than one thing to be counted.
  bool is_worth_saying() const { return days_.entries() + lines_ > 1; }

  const DayCounts& days() const { return days_; }
  std::uint64_t loose_lines() const { return lines_; }

 private:
  DayCounts days_;
  std::uint64_t lines_ = 0;  ///< loose ones
};

/// `12 on 5 days, and 2 lines without a time`, behind a word for entries.
std::string entries_text(const AnswerCount& count);

/// `1 day`, `1,234 days`.
std::string days_text(std::uint64_t days);

/// A quiet line below an answer, with its newline.
std::string quiet_line(const std::string& text, bool colour);

}  // namespace md2
