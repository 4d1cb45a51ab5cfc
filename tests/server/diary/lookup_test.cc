#include "server/diary/lookup.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr std::size_t chunk = 256UL * 1024;  // that round.cc reads at once

struct LookupFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");

  std::unique_ptr<Diary> open(const std::string& contents) {
    write_file(file, contents);
    return std::make_unique<Diary>(file, [](const std::string&) {});
  }
};

Lookup::State step(LookupPass& pass, Lookup& lookup, const Diary& diary, std::size_t budget = chunk) {
  pass.step(diary, {&lookup}, budget);
  return lookup.state();
}

/// Where `entry` is found from `since` on; -1 when it is absent.
long find(const Diary& diary, const std::string& entry, std::uint64_t since = 0) {
  Lookup lookup(entry, since);
  LookupPass pass;
  while (step(pass, lookup, diary, 1) == Lookup::State::searching) {
  }
  return lookup.state() == Lookup::State::found ? static_cast<long>(lookup.offset()) : -1;
}

}  // namespace

TEST_CASE_FIXTURE(LookupFixture, "an entry is found where its header stands, from SINCE on") {
  const std::string one = entry(1);
  const auto diary = open(one + "note\n\n" + entry(2) + entry(3));
  CHECK(find(*diary, entry(1)) == 0);
  CHECK(find(*diary, entry(2)) == static_cast<long>(one.size() + 6));
  CHECK(find(*diary, entry(2), one.size() + 6) == static_cast<long>(one.size() + 6));
  CHECK(find(*diary, entry(2), one.size() + 7) == -1);
  CHECK(find(*diary, entry(3), diary->durable()) == -1);
  CHECK(find(*diary, entry(4)) == -1);
}

TEST_CASE_FIXTURE(LookupFixture, "nothing is found in an empty diary") {
  CHECK(find(*open(""), entry(1)) == -1);
}

TEST_CASE_FIXTURE(LookupFixture, "a SINCE beyond the end belongs to another file and means the start") {
  const auto diary = open(entry(1));
  CHECK(find(*diary, entry(1), diary->durable() + 1) == 0);
}

TEST_CASE_FIXTURE(LookupFixture, "only the same text at the beginning of a line is the same entry") {
  const std::string one = entry(1, "八荣八耻\n[第二行");
  CHECK(find(*open("see " + one), one) == -1);
  CHECK(find(*open(" " + one), one) == -1);
  CHECK(find(*open("\n" + one), one) == 1);
  CHECK(find(*open(entry(1, "八荣")), one) == -1);
  CHECK(find(*open(entry(1, "八荣八耻\n[第二行\n第三行")), one) == -1);
  CHECK(find(*open(entry(1, "八荣") + one), one) == static_cast<long>(entry(1, "八荣").size()));
}

TEST_CASE_FIXTURE(LookupFixture, "an entry without its empty line is still there") {
  const std::string one = entry(1);
  const std::string open_end = one.substr(0, one.size() - 1);
  CHECK(find(*open(open_end), one) == 0);
  CHECK(find(*open(open_end + entry(2)), one) == 0);
  CHECK(find(*open(open_end + "[todo] more of the entry\n\n"), one) == -1);
}

TEST_CASE_FIXTURE(LookupFixture,
                  "an entry that stands behind another's line is there, whatever a tool has put under it") {
  const std::string one = "[2015-10-28 21:26:03.417293+08:00] 一\n";
  CHECK(find(*open("\n\n前\n" + one + "von Hand\n从前\n"), one) == 6);
  CHECK(find(*open("\n\n前 \r\n" + one + "von Hand\r\n"), one) == 8);
  CHECK(find(*open("前\n\n" + one + "von Hand\n"), one) == -1);  // another entry, of two lines
  CHECK(find(*open("前\r\n \r\n" + one + "von Hand\n"), one) == -1);
  CHECK(find(*open(one + "von Hand\n"), one) == -1);
}

TEST_CASE_FIXTURE(LookupFixture, "an entry is found across every border between chunks") {
  const std::string one = entry(1);
  for (std::size_t i = 0; i <= one.size() + 2; ++i) {
    const std::size_t at = chunk + 2 - i;
    CAPTURE(at);
    const auto diary = open(std::string(at - 1, 'x') + '\n' + one + entry(2));
    CHECK(find(*diary, one) == static_cast<long>(at));
    CHECK(find(*diary, entry(2)) == static_cast<long>(at + one.size()));
  }
}

TEST_CASE_FIXTURE(LookupFixture, "the longest entry is compared whole") {
  const std::string text = "a" + std::string(max_text - 2, '\n');
  const std::string one = entry(1, text + "b");
  const auto diary = open(entry(1, text + "c") + one);
  CHECK(find(*diary, one) == static_cast<long>(one.size()));
  CHECK(find(*diary, entry(1, text + "d")) == -1);
}

TEST_CASE_FIXTURE(LookupFixture, "a step reads no more than its budget and a chunk") {
  const auto diary = open(std::string(10 * chunk, 'x') + "\n\n" + entry(1));
  Lookup lookup(entry(1), 0);
  LookupPass pass;
  int steps = 1;
  while (step(pass, lookup, *diary, 2 * chunk) == Lookup::State::searching) ++steps;
  CHECK(steps >= 4);
  CHECK(steps <= 6);
  CHECK(lookup.offset() == 10 * chunk + 2);
}

TEST_CASE_FIXTURE(LookupFixture,
                  "many are found in one pass, in whatever order they stand, and those that are absent end with it") {
  std::string text;
  for (int i = 999; i >= 0; --i) text += entry(2 * i, std::string(1000, 'x'));
  const auto diary = open(text);
  std::vector<Lookup> lookups;
  lookups.reserve(2000);
  for (int i = 0; i < 2000; ++i) lookups.emplace_back(entry(i, std::string(1000, 'x')), 0);
  std::vector<Lookup*> pointers;
  pointers.reserve(lookups.size());
  for (Lookup& lookup : lookups) pointers.push_back(&lookup);
  LookupPass pass;
  std::size_t steps = 0;
  const auto searching = [&] {
    return std::any_of(lookups.begin(), lookups.end(),
                       [](const Lookup& lookup) { return lookup.state() == Lookup::State::searching; });
  };
  for (; searching(); ++steps) pass.step(*diary, pointers, chunk);
  CHECK(steps < 3 * text.size() / chunk);
  for (std::size_t i = 0; i < lookups.size(); ++i) {
    CAPTURE(i);
    CHECK(lookups[i].state() == (i % 2 == 0 ? Lookup::State::found : Lookup::State::absent));
  }
}

TEST_CASE_FIXTURE(LookupFixture, "who comes while a pass is under way sees all of the diary as well") {
  const std::string filler = std::string(chunk, 'x') + "\n\n";
  const auto diary = open(entry(1) + filler + filler + filler + entry(2));
  Lookup absent(entry(3), 0);
  Lookup late(entry(1), 0);
  LookupPass pass;
  pass.step(*diary, {&absent}, chunk);
  REQUIRE(absent.state() == Lookup::State::searching);
  while (absent.state() == Lookup::State::searching) pass.step(*diary, {&absent, &late}, chunk);
  CHECK(absent.state() == Lookup::State::absent);
  while (late.state() == Lookup::State::searching) pass.step(*diary, {&late}, chunk);
  CHECK(late.state() == Lookup::State::found);
}

TEST_CASE_FIXTURE(LookupFixture, "what is appended meanwhile is for find_recent()") {
  const auto diary = open(entry(1));
  Lookup lookup(entry(3), 0);
  LookupPass pass;
  diary->add(entry(2));
  const std::uint64_t at = diary->add(entry(3));
  CHECK(step(pass, lookup, *diary) == Lookup::State::absent);
  CHECK(diary->find_recent(entry(3)) == at);
  CHECK_FALSE(diary->find_recent(entry(4)));
  REQUIRE(diary->commit().saved());
  CHECK(diary->find_recent(entry(3)) == at);
}

TEST_CASE_FIXTURE(LookupFixture, "an entry that comes in two parts is found when it is whole") {
  const std::string one = entry(1);
  for (std::size_t cut = 1; cut < one.size() - 2; ++cut) {  // whole is what only lacks its newlines
    CAPTURE(cut);
    const auto diary = open("note\n\n");
    Lookup lookup(one, 0);
    LookupPass pass;
    write_file(file, "note\n\n" + one.substr(0, cut));
    diary->check_for_changes();
    CHECK(step(pass, lookup, *diary) == Lookup::State::absent);
    write_file(file, "note\n\n" + one);
    diary->check_for_changes();
    lookup.restart(6);
    CHECK(step(pass, lookup, *diary) == Lookup::State::found);
    CHECK(lookup.offset() == 6);
  }
}

TEST_CASE_FIXTURE(LookupFixture, "after the file was replaced the search starts again") {
  auto diary = open(entry(1) + entry(2));
  Lookup lookup(entry(3), entry(1).size());
  LookupPass pass;
  CHECK(step(pass, lookup, *diary) == Lookup::State::absent);
  replace_by_hand(file, entry(3) + entry(2) + entry(1));
  REQUIRE(diary->check_for_changes() == Diary::Change::text);
  lookup.restart(0);
  CHECK(step(pass, lookup, *diary) == Lookup::State::found);
  CHECK(lookup.offset() == 0);
}

TEST_CASE_FIXTURE(LookupFixture,
                  "many who look for one header that stands in the diary many times are compared in slices") {
  std::string contents;
  for (int i = 0; i < 2000; ++i) contents += entry(1, std::to_string(i));
  const auto diary = open(contents);
  std::vector<Lookup> lookups;
  lookups.reserve(500);
  for (int i = 0; i < 500; ++i) lookups.emplace_back(entry(1, std::to_string(i + 1600)), 0);
  std::vector<Lookup*> all;
  all.reserve(lookups.size());
  for (Lookup& lookup : lookups) all.push_back(&lookup);
  LookupPass pass;
  int steps = 0;
  const auto searching = [](const Lookup& lookup) { return lookup.state() == Lookup::State::searching; };
  for (; std::any_of(lookups.begin(), lookups.end(), searching); ++steps) {
    REQUIRE(steps < 10'000);
    pass.step(*diary, all, chunk);
  }
  CHECK(steps > 50);
  const auto found = [](const Lookup& lookup) { return lookup.state() == Lookup::State::found; };
  CHECK(std::count_if(lookups.begin(), lookups.end(), found) == 400);
  CHECK(lookups[0].offset() == contents.find(entry(1, "1600")));
}
