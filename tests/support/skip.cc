#include "tests/support/skip.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>

namespace md2::test {
namespace {

/// doctest knows no test that finds out while it runs that it can't.
struct Run {
  const char* name = "";              ///< of the running test
  std::optional<std::string> reason;  ///< why it is skipped
  std::string skipped;                ///< a line for each
  unsigned skips = 0;
  unsigned failures = 0;
  std::optional<unsigned> tests;  ///< known at the end
};

Run& this_run() {
  static Run run;
  return run;
}

struct Listener : doctest::IReporter {
  explicit Listener(const doctest::ContextOptions& /*options*/) {}

  void test_case_start(const doctest::TestCaseData& test) override {
    this_run().name = test.m_name;
    this_run().reason.reset();
  }

  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    Run& run = this_run();
    if (!run.reason || stats.failure_flags != 0) return;
    run.skipped += fmt::format("skipped: {} ({})\n", run.name, *run.reason);
    ++run.skips;
  }

  void test_run_end(const doctest::TestRunStats& stats) override {
    this_run().tests = stats.numTestCasesPassingFilters;
    this_run().failures = stats.numTestCasesFailed;
  }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_run_start() override {}
  void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*assertion*/) override {}
  void log_message(const doctest::MessageData& /*message*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}
};

DOCTEST_REGISTER_LISTENER("skip", 1, Listener);

}  // namespace

void skip(const std::string& reason) {
  this_run().reason = reason;
}

bool none_ran() {
  return this_run().tests == 0U;
}

std::string outcome() {
  const Run& run = this_run();
  if (!run.tests) return {};
  if (*run.tests == 0) return "no test has such a name\n";
  return fmt::format("{}{} passed, {} failed, {} skipped\n", run.skipped, *run.tests - run.failures - run.skips,
                     run.failures, run.skips);
}

}  // namespace md2::test
