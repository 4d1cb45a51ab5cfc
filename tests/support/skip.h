#pragma once

#include <string>

namespace md2::test {

/// Notes that the running test can't run on this machine, and why, in words: `return skip("why");`. It counts as
/// skipped, not as passed, unless one of its checks has failed.
void skip(const std::string& reason);

/// A run has ended in which no test had a name that was asked for.
bool none_ran();

/// The end of a run: a line for each skipped test, then `N passed, N failed, N skipped`. Empty where tests are only
/// listed.
std::string outcome();

}  // namespace md2::test
