#pragma once

#include <string_view>

namespace md2 {

/// One line on stderr with the local time in front, made safe for a terminal. For whoever runs the server; the diary's
/// words and keys never go there.
void log(std::string_view text);

/// The same for what strangers cause. More than 10 lines in a minute are only counted, and the count is told with the
/// next line that is let through: a flood must not fill the disk.
void log_refusal(std::string_view text);

}  // namespace md2
