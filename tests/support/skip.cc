#include "tests/support/skip.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>

#include "common/os/unique_fd.h"
#include "tests/support/shared.h"

namespace md2::test {
namespace {

// doctest knows no test that finds out while it runs that it can't.

std::optional<std::string>& reason_of_this_test() {
  static std::optional<std::string> reason;
  return reason;
}

/// Of the file for the lines of skipped tests: processes write behind each other's. Tests count on low descriptors.
int skipped_lines() {
  static const UniqueFd file = [] {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> anonymous(std::tmpfile(), std::fclose);
    return UniqueFd(anonymous ? fcntl(fileno(anonymous.get()), F_DUPFD_CLOEXEC, 100) : -1);
  }();
  if (!file) throw Failure("no temporary file can be made");
  return file.get();
}

struct Listener : doctest::IReporter {
  explicit Listener(const doctest::ContextOptions& /*options*/) {}

  void test_case_start(const doctest::TestCaseData& test) override {
    name_ = test.m_name;
    reason_of_this_test().reset();
  }

  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    const std::optional<std::string>& reason = reason_of_this_test();
    if (!reason || stats.failure_flags != 0) return;
    const std::string line = fmt::format("skipped: {} ({})\n", name_, *reason);
    if (write(skipped_lines(), line.data(), line.size()) < 0) throw Failure("a temporary file can't be written to");
    ++outcome().skips;
  }

  void test_run_end(const doctest::TestRunStats& stats) override {
    outcome().ended = true;
    outcome().tests = stats.numTestCasesPassingFilters;
    outcome().failures += stats.numTestCasesFailed;
    outcome().checks += stats.numAsserts;
    outcome().failed_checks += stats.numAssertsFailed;
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

 private:
  const char* name_ = "";
};

DOCTEST_REGISTER_LISTENER("skip", 1, Listener);

}  // namespace

void skip(const std::string& reason) {
  reason_of_this_test() = reason;
}

Outcome& outcome() {
  static Outcome& all = []() -> Outcome& {
    skipped_lines();
    return shared_by_processes<Outcome>();
  }();
  return all;
}

std::string Outcome::text() const {
  if (!ended) return {};
  if (tests == 0) return "no test has such a name\n";
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t size = pread(skipped_lines(), piece.data(), piece.size(), static_cast<off_t>(text.size()));
    if (size <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(size));
  }
  return text +
         fmt::format("{} passed, {} failed, {} skipped\n", tests - failures - skips, failures.load(), skips.load());
}

}  // namespace md2::test
