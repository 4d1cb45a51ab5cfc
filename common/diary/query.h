#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/entry_reader.h"
#include "common/diary/timestamp.h"
#include "common/os/error.h"
#include "common/text/literal.h"
#include "common/text/tag.h"

namespace md2 {

/// A query that can't be understood. The message shows the part that is wrong.
class QueryError : public Error {
  using Error::Error;
};

inline constexpr std::size_t max_query = 4096;  ///< bytes
inline constexpr std::size_t max_query_parts = 32;

/// What is asked of the diary. Parts stand between white space, and an item must match all of them:
///
///     2015  2015-10  2015-10-28    a year, a month, a day
///     A..B  A..  ..B               from the beginning of A to the end of B, each one of the above
///     10-28                        that day of every year
///     today yesterday 今天 昨天    that day; also in a range
///     #tag                         that tag (common/text/tag.h)
///     word  "a phrase"             stands anywhere in the text; ASCII letters without regard to case unless one is a
///                                  capital. What looks like one of the above is a word in quotes
///     -N                           of the items that match all the rest, the last N
///
/// Dates are compared with the date as it stands in the header. A loose line (without a header) has no date and so
/// never matches one; words and tags are found in it, and -N counts it as it counts an entry. A loose line without a
/// word in it matches nothing but the query that has no parts, which every item matches.
class Query {
 public:
  /// Throws QueryError. `today` is the asker's.
  static Query parse(std::string_view text, Date today);

  /// True for the query without parts: the whole diary.
  bool empty() const { return !last_ && !dated() && literals_.empty(); }

  std::optional<std::uint64_t> last() const { return last_; }

  /// True when the item matches all parts but -N. `raw` is as in EntryReader::Item.
  bool matches(std::string_view raw, bool has_header);
  bool matches(const EntryReader::Item& item) { return matches(item.raw, item.time.has_value()); }

  /// Each stands in the `raw` of every item that matches, to the letter, which a phrase of several lines need not:
  /// lines are escaped there. The longest word is the first; none when nothing is known.
  std::vector<Literal> required_literals() const;

  /// Sets `ranges` to where words, phrases and tags of the query stand in a line of text; in order, none overlap.
  void find_all(std::string_view line, std::vector<TextRange>& ranges) const;

 private:
  bool dated() const { return !first_day_.empty() || !day_of_year_.empty(); }
  bool matches_day(std::string_view day) const;
  void add(std::string_view part, Date today);
  void add_last(std::string_view part);
  void add_day_of_year(std::string_view part);
  void add_days(std::string_view first, std::string_view last);
  void add_literal(std::string_view bytes, bool tag);

  std::optional<std::uint64_t> last_;
  std::string first_day_, last_day_;  ///< `2015-10-28`, which sorts as text; both empty when any day will do
  std::string day_of_year_;           ///< `10-28`; empty when any will do
  bool never_ = false;                ///< two parts exclude each other
  std::vector<Literal> literals_;
  std::string text_;  ///< scratch of matches()
};

/// The query as a client must send it: `today` and its like as dates, because the server may live in another time
/// zone. Throws QueryError, for everything that Query::parse would not take as well.
std::string wire_query(std::string_view text, Date today);

}  // namespace md2
