#pragma once

#include <string_view>

namespace md2 {

/// What `?` answers, at the prompt and on the wire: one text, so that it can be read without a server as well.
std::string_view help_text();

}  // namespace md2
