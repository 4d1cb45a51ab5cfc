#pragma once

#include <optional>
#include <string_view>

/// The words of dates, and what stands around them. Whatever is taken is taken from the beginning of the text.
namespace md2::scan {

/// `Tuesday`, `Tue.`, `(Tue)`, `星期二`, `周二`, `（礼拜二）`; 0 is Sunday.
std::optional<int> take_weekday(std::string_view& text);

/// `March`, `Mar.`: 1 to 12.
std::optional<int> take_month(std::string_view& text);

/// `5`, `5th`; also more than any month has.
std::optional<int> take_day_of_month(std::string_view& text);

/// The line without the signs before a heading of Markdown.
std::string_view without_heading(std::string_view line);

}  // namespace md2::scan
