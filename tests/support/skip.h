#pragma once

#include <string>

namespace md2::test {

/// Notes that the running test can't run on this machine, and why, in words: `return skip("why");`. It counts as
/// skipped, not as passed, unless one of its checks has failed.
void skip(const std::string& reason);

/// The end of a run: a line for each skipped test, then `N passed, N failed, N skipped`. Empty when none was to run.
std::string outcome();

}  // namespace md2::test
