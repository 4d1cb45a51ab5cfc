#include "tests/support/untouched.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/deadline.h"

namespace md2::test {

Untouched::Untouched(Screen& screen, const std::string& prompt)
    : screen_(screen), rows_(screen.rows()), prompt_row_(rows_.size()), cursor_(screen.cursor()) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].starts_with(prompt)) prompt_row_ = i;
  }
  if (prompt_row_ == rows_.size()) throw Failure("there is no prompt on the screen");
}

void Untouched::wait_with(const std::vector<std::string>& above) {
  auto wanted = rows_;
  wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(prompt_row_), above.begin(), above.end());
  const Position cursor{cursor_.row + static_cast<int>(above.size()), cursor_.column};
  screen_.wait_for(
      [&] { return screen_.rows() == wanted && screen_.cursor() == cursor; },
      fmt::format("the cursor in row {}, column {} of\n  {}\n", cursor.row, cursor.column, fmt::join(wanted, "\n  ")));
}

}  // namespace md2::test
