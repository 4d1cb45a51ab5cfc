#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>

namespace md2::sim {

/// A long text of `size` bytes in which no 64 bytes stand twice: by so many a place in a diary is known again.
inline std::string filler(std::size_t size) {
  std::string text;
  for (int number = 0; text.size() < size; ++number) fmt::format_to(std::back_inserter(text), "{},", number);
  text.resize(size);
  return text;
}

}  // namespace md2::sim
