#pragma once

#include <optional>
#include <string_view>

namespace md2 {

/// Takes `21:26`, `21:26:03.417`, `9:26 PM`, `下午9:26`, `21时26分` from the beginning of a text: seconds in the day.
/// Nothing when what stands there only begins so: `10:30-11:00` is how long something took.
std::optional<int> take_time(std::string_view& text);

/// The same, and the blanks behind.
std::optional<int> take_time_of_day(std::string_view& text);

/// Takes the zone behind a time: `+08:00`, ` +0800`, `Z`; minutes east of Greenwich.
std::optional<int> take_offset(std::string_view& text);

}  // namespace md2
