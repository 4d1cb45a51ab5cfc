#pragma once

#include <cstddef>
#include <string_view>

namespace md2 {

/// Nearly all of a diary is plain: printable ASCII, ideographs (U+4E00 to U+9FFF), the punctuation of Chinese and
/// Japanese (U+3001 to U+3029) and the full-width forms (U+FF01 to U+FF60). Each of these characters is a grapheme
/// cluster; one of ASCII takes a column, the others two.
bool is_plain(char32_t code);

/// A part of a text that is plain.
struct PlainText {
  std::size_t bytes = 0;
  std::size_t columns = 0;
};

/// What `text` begins with, as far as it is plain and no wider than `room` columns; up to 17 bytes less, as 16 are
/// looked at together (the page row of md2bench shows it).
PlainText leading_plain_text(std::string_view text, std::size_t room);

}  // namespace md2
