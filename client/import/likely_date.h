#pragma once

#include <string_view>

namespace md2 {

/// Whether a line begins like a date that read_written_date() can't read: without a year (`三月五日 晴`), with a part
/// of one (`19年3月5日`), in the order of some country (`05/03/2019`), in other digits (`２０１９年３月５日`), on a day
/// that the calendar does not have (`2019-02-30`), by the moon (`八月十五`), behind a label (`日期：2019年3月5日`).
enum class LikelyDate {
  no,
  sentence,  ///< maybe, but text begins so as well: `3月5日，我`, `3/5`, `10.3.5`
  heading,   ///< it can hardly be anything else
};
LikelyDate likely_date(std::string_view line);

}  // namespace md2
