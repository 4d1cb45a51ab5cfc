#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/timestamp.h"
#include "common/os/error.h"
#include "common/text/literal.h"

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
///     today yesterday 今天 昨天    that day, large or small; also in a range
///     #tag                         that tag (common/text/tag.h)
///     word  "a phrase"             stands anywhere in the text; letters without regard to case unless one is a capital
///                                  (common/text/literal.h). What looks like one of the above is a word in quotes
///     -N                           of the items that match all the rest, the last N
///
/// All but words, phrases and tags may be in full width as well (`２０１５－１０`).
///
/// Dates are compared with the date as it stands in the header. A loose line (without a header) has no date and so
/// never matches one; words and tags are found in it, and -N counts it as it counts an entry. A loose line without a
/// word in it matches nothing but the query that has no parts, which every item matches.
struct Query {
  /// Throws QueryError. `today` is the asker's.
  static Query parse(std::string_view text, Date today);

  /// True for the query without parts: the whole diary.
  bool empty() const { return !last && !dated() && literals.empty(); }
  bool dated() const { return !first_day.empty() || !day_of_year.empty(); }

  std::optional<std::uint64_t> last;  ///< -N
  std::string first_day, last_day;    ///< `2015-10-28`, which sorts as text; both empty when any day will do
  std::string day_of_year;            ///< `10-28`; empty when any will do
  bool never = false;                 ///< two parts exclude each other
  std::vector<Literal> literals;      ///< words, phrases and tags
};

/// The query as a client must send it: `today` and its like as dates, because the server may live in another time
/// zone. Throws QueryError, for everything that Query::parse would not take as well.
std::string wire_query(std::string_view text, Date today);

}  // namespace md2
