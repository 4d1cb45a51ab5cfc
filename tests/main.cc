#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <clocale>
#include <csignal>
#include <cstdio>

#include "tests/support/ledger.h"
#include "tests/support/skip.h"

int main(int argc, char** argv) {
  // A test that writes to a peer which has gone wants the error, not the signal.
  std::signal(SIGPIPE, SIG_IGN);
  // Debian has it always; without it wcwidth(3) and readline know no Chinese.
  std::setlocale(LC_ALL, "C.UTF-8");
  const int status = doctest::Context(argc, argv).run();
  std::fputs((md2::test::tally().text() + md2::test::outcome()).c_str(), stdout);
  return md2::test::none_ran() ? 1 : status;
}
