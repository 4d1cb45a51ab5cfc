// Two diaries are one: what each has of the other comes over connections that break, to servers that are killed.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/diary/entry_reader.h"
#include "tests/fault/proxy.h"
#include "tests/fault/sweep.h"
#include "tests/support/files.h"
#include "tests/support/ledger.h"
#include "tests/support/server_program.h"

using namespace md2;
using namespace md2::test;

namespace {

/// One of the two, and the way to it: each connection is cut after 2 to 64 KiB in one of the directions.
struct Side {
  explicit Side(unsigned seed) : random(seed) {}

  Sandbox sandbox;
  ServerProgram server{sandbox};
  std::minstd_rand random;
  Proxy proxy{[this] {
                ++tally().cuts;
                const std::size_t bytes = 2048 + random() % (std::size_t{62} << 10);
                return random() % 2 == 0 ? Proxy::Plan{bytes, Proxy::never, Proxy::Fault::close}
                                         : Proxy::Plan{Proxy::never, bytes, Proxy::Fault::reset};
              },
              server.address()};

  std::string diary() const { return read_file(sandbox.diary()); }

  void kill_and_start() {
    server.kill();
    server.start();
    ++tally().kills;
  }
};

std::string client(const Side& side, const std::string& address, const std::string& command) {
  return fmt::format("'{}' --server={} --key='{}' {}", binary("md2client"), address, side.sandbox.keys(), command);
}

/// What a person at one of them writes, a line each, through a connection that stays.
std::string line_list(const std::string& name, int begin, int end) {
  std::string all;
  for (int i = begin; i < end; ++i) all += fmt::format("{} {}\n", name, i);
  return all;
}

/// Without the order.
std::vector<std::string> entries_of(const std::string& diary) {
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  std::vector<std::string> all;
  while (const auto item = reader.next()) all.push_back(item->raw);
  std::ranges::sort(all);
  return all;
}

std::size_t count_in_diary(const std::string& diary) {
  std::size_t count = 0;
  for (std::size_t at = diary.find("\n\n"); at != diary.npos; at = diary.find("\n\n", at + 2)) ++count;
  return count;
}

/// Both sides of a mirror that runs, and who writes on each.
struct Mirror {
  const int kills = full_torture() ? 40 : 8;
  const int count = full_torture() ? 20'000 : 2'000;  ///< entries on each side
  Sandbox home;
  Side a{1}, b{2};
  Program a_to_b{home, one_way(a, b)};
  Program b_to_a{home, one_way(b, a)};
  Ledger ledger;

  static Command one_way(const Side& from, const Side& to) {
    return {"/bin/sh", "-c",
            client(from, from.proxy.address_text(), "read --follow") + " | " +
                client(to, to.proxy.address_text(), "import --from=diary -")};
  }

  static Command on(const Side& side, const std::string& command) {
    return {"/bin/sh", "-c", client(side, side.server.address_text(), command)};
  }
  static Program writer(const Side& side) { return Program(side.sandbox, on(side, ""), Program::Input::pipe); }
  static Result run_client(const Side& side, const std::string& command) {
    return run(side.sandbox, on(side, command));
  }

  /// Each has to have so many more than before.
  void wait_for(const Side& side, std::size_t entries) {
    for (std::size_t seen = 0; seen < entries;) {
      const std::size_t next = std::min(entries, seen + 200);
      seen = count_in_diary(
          wait_for_file(side.sandbox.diary(), [&](const std::string& diary) { return count_in_diary(diary) >= next; }));
    }
  }
};

}  // namespace

TEST_CASE_FIXTURE(
    Mirror, "a mirror both ways brings all to both sides once, over cuts, and servers that are killed at random") {
  std::minstd_rand random(3);
  Side* const sides[] = {&a, &b};
  Program writers[] = {writer(a), writer(b)};
  const std::string names[] = {"a", "b"};
  const int step = count / kills;
  for (int i = 0; i < kills; ++i) {
    for (std::size_t side = 0; side < 2; ++side) {
      for (int j = i * step; j < (i + 1) * step; ++j)
        ledger.note(names[side], fmt::format("{} {}", names[side], j), Ledger::State::kept);
      writers[side].write(line_list(names[side], i * step, (i + 1) * step));
    }
    wait_for(*sides[random() % 2], static_cast<std::size_t>(i * step) + random() % static_cast<unsigned>(step));
    sides[random() % 2]->kill_and_start();
  }
  for (std::size_t side = 0; side < 2; ++side) {
    writers[side].close_input();
    const int status = writers[side].wait();  // 75: the server was killed as it left
    CHECK((status == 0 || status == 75));
    if (status == 75) CHECK(run_client(*sides[side], "").status == 0);
  }
  const auto all = std::size_t{2} * static_cast<std::size_t>(step) * static_cast<std::size_t>(kills);
  for (const Side* const side : sides) wait_for(*side, all);
  // What would come twice has come before what is written now.
  for (std::size_t side = 0; side < 2; ++side) {
    const std::string last = names[side] + " last";
    ledger.note(names[side] + " at last", last, Ledger::State::acknowledged);
    CHECK(run_client(*sides[side], "write " + last).status == 0);
    wait_for_file(sides[1 - side]->sandbox.diary(),
                  [&](const std::string& diary) { return diary.find(last) != diary.npos; });
  }
  for (const Side* const side : sides) {
    const Verdict verdict = ledger.check(side->diary());
    INFO(verdict.details);
    CHECK(verdict.entries == all + 2);
    CHECK(verdict.lost == 0);
    CHECK(verdict.doubled == 0);
    CHECK(verdict.torn == 0);
    tally().add(verdict);
  }
  CHECK(entries_of(a.diary()) == entries_of(b.diary()));
}
