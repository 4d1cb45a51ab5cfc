#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// The days of the diary as far as it was seen, for completion: a bounded number of them, of which the latest stay.
class Days {
 public:
  static constexpr std::size_t max_days = 100'000;

  /// An item as it stands in the diary, see EntryReader::Item.
  void see(std::string_view raw, bool has_header);

  /// One step further: the years that begin with `prefix`, behind a year its months (`2015-10`), behind a month its
  /// days; in order.
  std::vector<std::string> with_prefix(std::string_view prefix) const;

 private:
  std::set<std::string, std::less<>> days_;  ///< `2015-10-28`
  std::string last_;                         ///< that was seen: nearly always the next one as well
};

}  // namespace md2
