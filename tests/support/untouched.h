#pragma once

#include <string>
#include <vector>

#include "tests/support/screen.h"

namespace md2::test {

/// Waits until the screen is as it is now but for the rows `above`, which stand above the row that begins with
/// `prompt`, and the cursor is in the same place of the line.
class Untouched {
 public:
  explicit Untouched(Screen& screen, const std::string& prompt = "当下>>>");
  void wait_with(const std::vector<std::string>& above);

 private:
  Screen& screen_;
  std::vector<std::string> rows_;
  std::size_t prompt_row_;
  Position cursor_;
};

}  // namespace md2::test
