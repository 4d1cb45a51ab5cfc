#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/line.h"
#include "client/page/corrected.h"
#include "client/page/page.h"
#include "common/diary/timestamp.h"

namespace md2 {

/// What is said of an answer as a whole in the place of its entries: it is fed with the bytes of the answer, and then
/// printed. An entry that was corrected counts once, with its newest text. Memory does not grow with their number.
class Summary {
 public:
  Summary() = default;
  virtual ~Summary() = default;
  Summary(const Summary&) = delete;
  Summary& operator=(const Summary&) = delete;

  /// The next bytes of the answer, and after the last ones its end.
  void feed(std::string_view bytes);
  void finish();

  /// Nothing was added that counts.
  virtual bool empty() const = 0;

  /// Whole lines, for a terminal of that many columns; only when something was added.
  virtual std::string text(PageStyle style) const = 0;

 private:
  virtual void add(const ReadItem& read) = 0;

  void take();

  CorrectedReader reader_;
};

enum class SummaryKind {
  tags,        ///< see TagCounts
  calendar,    ///< see Calendar
  statistics,  ///< see Statistics
};

/// That of a line; nothing for one that asks for none.
std::optional<SummaryKind> summary_kind(Line::Kind kind);

/// A summary of what a query finds. `today`: the asker's.
std::unique_ptr<Summary> make_summary(SummaryKind kind, const std::string& query, Date today);

/// What is asked for the summary: the query, but for a calendar without one that of the months which it shows.
std::string query_of_summary(SummaryKind kind, const std::string& query, Date today);

/// The columns of what goes to no terminal.
inline constexpr int columns_without_terminal = 80;

}  // namespace md2
