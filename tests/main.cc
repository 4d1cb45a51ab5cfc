#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <limits>
#include <sstream>
#include <string_view>
#include <vector>

#include "tests/support/ledger.h"
#include "tests/support/shared.h"
#include "tests/support/skip.h"

using namespace md2::test;

namespace {

// With `--jobs=N` as many processes run the tests side by side: half of its time a test waits. Each takes the next test
// when it has done one, and says what failed in one piece.

/// By its number among those that are asked for.
constexpr int no_test = std::numeric_limits<int>::max();

struct PartReporter : doctest::ConsoleReporter {
  using ConsoleReporter::ConsoleReporter;
  void test_run_start() override {}
  /// Also called from a signal that ends the process.
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {
    auto& said = dynamic_cast<std::ostringstream&>(s);
    std::cout << said.str() << std::flush;
    said.str({});
  }
};
DOCTEST_REGISTER_REPORTER("part", 0, PartReporter);

struct WholeReporter : doctest::ConsoleReporter {
  using ConsoleReporter::ConsoleReporter;
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& stats) override {
    doctest::TestRunStats all = stats;
    all.numTestCasesFailed = outcome().failures;
    all.numAsserts = outcome().checks;
    all.numAssertsFailed = outcome().failed_checks;
    ConsoleReporter::test_run_end(all);
  }
};
DOCTEST_REGISTER_REPORTER("whole", 0, WholeReporter);

/// Runs one test; with `no_test` all are counted and none runs.
void run(int argc, char** argv, int test, const char* reporter, std::ostream& out) {
  doctest::Context context(argc, argv);
  context.setCout(&out);
  context.setOption("first", test);
  context.setOption("last", test);
  context.addFilter("reporters", reporter);
  context.run();
}

void take_tests(int argc, char** argv, std::atomic<int>& next) {
  std::ostringstream said;
  for (int test = next++; static_cast<unsigned>(test) <= outcome().tests; test = next++) {
    run(argc, argv, test, "part", said);
  }
}

int run_side_by_side(int argc, char** argv, int jobs) {
  auto& next = shared_by_processes<std::atomic<int>>();
  next = 1;
  std::ostringstream nothing;
  run(argc, argv, no_test, "part", nothing);
  std::vector<pid_t> processes;
  for (int i = 0; i < jobs; ++i) {
    const pid_t process = fork();
    if (process == 0) {
      take_tests(argc, argv, next);
      std::exit(0);
    }
    processes.push_back(process);
  }
  for (const pid_t process : processes) {
    int status = 0;
    if (process > 0 && waitpid(process, &status, 0) == process && status == 0) continue;
    std::cout << fmt::format("a process that ran tests ended with status {:#x} before its time\n", status);
    ++outcome().failures;
  }
  run(argc, argv, no_test, "whole", std::cout);
  return outcome().failures == 0 ? 0 : 1;
}

/// What follows `--jobs=`; else 1.
int jobs_of(int argc, char** argv) {
  constexpr std::string_view option = "--jobs=";
  int jobs = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with(option)) std::from_chars(word.data() + option.size(), word.data() + word.size(), jobs);
  }
  return jobs;
}

}  // namespace

int main(int argc, char** argv) {
  // A test that writes to a peer which has gone wants the error, not the signal.
  std::signal(SIGPIPE, SIG_IGN);
  // Debian has it always; without it wcwidth(3) and readline know no Chinese.
  std::setlocale(LC_ALL, "C.UTF-8");
  outcome();
  tally();
  const int jobs = jobs_of(argc, argv);
  const int status = jobs > 1 ? run_side_by_side(argc, argv, jobs) : doctest::Context(argc, argv).run();
  std::fputs((tally().text() + outcome().text()).c_str(), stdout);
  return outcome().ended && outcome().tests == 0 ? 1 : status;
}
