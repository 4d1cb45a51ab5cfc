#include "client/prompt/days.h"

#include <iterator>

namespace md2 {
namespace {

constexpr std::size_t year_length = 4, month_length = 7, day_digits = 10;

}  // namespace

void Days::see(std::string_view raw, bool has_header) {
  if (!has_header) return;
  const std::string_view day = raw.substr(1, day_digits);
  if (day == last_) return;
  last_ = day;
  days_.insert(last_);
  if (days_.size() > max_days) days_.erase(days_.begin());
}

std::vector<std::string> Days::with_prefix(std::string_view prefix) const {
  const std::size_t length = prefix.size() < year_length    ? year_length
                             : prefix.size() < month_length ? month_length
                                                            : day_digits;
  std::vector<std::string> found;
  for (auto day = days_.lower_bound(prefix); day != days_.end() && day->starts_with(prefix);) {
    found.push_back(day->substr(0, length));
    // The first day that does not begin so: behind the digits comes the colon.
    day = length == day_digits ? std::next(day) : days_.lower_bound(found.back() + ':');
  }
  return found;
}

}  // namespace md2
