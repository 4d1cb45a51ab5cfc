#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/day_set.h"
#include "common/diary/timestamp.h"
#include "common/os/error.h"
#include "common/text/literal.h"

namespace md2 {

/// A query that can't be understood. The message shows the part that is wrong.
class QueryError : public Error {
  using Error::Error;
};

inline constexpr std::size_t max_query = 4096;      ///< bytes
inline constexpr std::size_t max_query_parts = 32;  ///< all that stand beside a `|` counted

/// What is asked of the diary. Parts stand between white space, and an item must match all of them:
///
///     2015-10  A..B  上周  -7d     days (common/diary/day_set.h)
///     #tag                         that tag (common/text/tag.h)
///     word  "a phrase"             stands anywhere in the text; letters without regard to case unless one is a capital
///                                  (common/text/literal.h). What looks like something else is a word in quotes
///     a|b                          one of several of these; none of them `-7d`
///     -a  -a|b                     not that; none of them. `-2015` is none of these, but the next
///     -N                           of the items that match all the rest, the last N
///
/// All but words, phrases and tags may be in full width as well (`２０１５－１０`), and so may the signs `-`, `|` and
/// `#`. A phrase stands between two `"`, or between two of `“`, `”` and `＂`.
///
/// Dates are compared with the date as it stands in the header. A loose line (without a header) has no date, and so
/// never matches one; words and tags are found in it, and -N counts it as it counts an entry. A loose line without a
/// word in it matches nothing but the query that has no parts, which every item matches.
struct Query {
  /// One of the days or words must match, or, negated, none.
  struct Part {
    bool negated = false;
    std::vector<DaySet> days;
    std::vector<Literal> literals;  ///< words, phrases and tags
  };

  /// Throws QueryError. `today` is the asker's.
  static Query parse(std::string_view text, Date today);

  /// True for the query without parts: the whole diary.
  bool empty() const { return !last && parts.empty(); }

  std::optional<std::uint64_t> last;  ///< -N
  std::vector<Part> parts;
  std::string note;  ///< of the first part that may have been meant as a word, for who finds nothing; mostly empty
};

/// The query as a client must send it: `today` and its like as dates, because the server may live in another time
/// zone. Throws QueryError, for everything that Query::parse would not take as well.
std::string wire_query(std::string_view text, Date today);

}  // namespace md2
