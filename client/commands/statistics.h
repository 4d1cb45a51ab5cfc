#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "client/commands/day_counts.h"
#include "client/commands/summary.h"
#include "client/commands/word_count.h"

namespace md2 {

/// How much was written, since when, how regularly and at what time, by the writer's clock:
///
///     entries   1,234 on 321 days
///     text      40,000 Chinese characters and 5,678 words of other scripts
///     first     2015-10-28 Wed 21:26
///     last      2026-11-26 Thu 15:30
///     in a row  3 days now; at most 45 days, from 2026-01-02 to 2026-02-15
///
/// and bars of the weekdays and hours, side by side where there are 76 columns. A run of days goes on *now* when it has
/// reached yesterday: today may still come.
class Statistics : public Summary {
 public:
  explicit Statistics(Date today) : today_(today) {}

  bool empty() const override { return count_.empty(); }
  std::string text(PageStyle style) const override;

 private:
  void add(const ReadItem& read) override;

  /// Days, one after the other.
  struct Run {
    Date first, last;
    int days = 0;
  };
  struct Runs {
    Run longest;  ///< the first of those
    Run now;      ///< no days: there is none
  };

  Runs runs() const;
  std::string facts(int columns) const;
  std::string bars(int columns) const;

  Date today_;
  AnswerCount count_;
  WordCount words_;
  std::optional<Timestamp> first_, last_;
  std::array<std::uint64_t, 24> hours_{};
};

}  // namespace md2
