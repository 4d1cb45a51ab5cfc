#pragma once

#include <string>
#include <string_view>

namespace md2::test {

/// `text`, `count` times.
inline std::string repeated(std::string_view text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace md2::test
