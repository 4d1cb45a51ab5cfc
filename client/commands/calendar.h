#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client/commands/day_counts.h"
#include "client/commands/summary.h"

namespace md2 {

/// On which days something was written, and how much: months as cal(1) prints them (client/commands/month_sheet.h), as
/// many side by side as fit, or, where they are more than six and the terminal is wide, each year as one map
/// (client/commands/year_map.h). Below stand what the shades mean, and the sum.
class Calendar : public Summary {
 public:
  enum class Range {
    last_year,       ///< the twelve months up to this one
    what_was_found,  ///< the months, or years, that hold any entry
  };

  Calendar(Date today, Range range) : today_(today), range_(range) {}

  /// Asks for the entries that Range::last_year shows.
  static std::string query_of_last_year(Date today);

  bool empty() const override { return count_.empty(); }
  std::string text(PageStyle style) const override;

 private:
  void add(const ReadItem& read) override { count_.add(read.item); }

  using Months = std::vector<std::chrono::year_month>;

  Months months() const;

  Date today_;
  Range range_;
  AnswerCount count_;
};

}  // namespace md2
