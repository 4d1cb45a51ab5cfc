#include "client/commands/editable.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `TEXT` of each, `TEXT (struck)`, and how many microseconds behind a year its latest correction is, if it has one.
std::vector<std::string> told(Editables& editables) {
  constexpr std::int64_t year = 366LL * 24 * 3600 * 1'000'000;
  std::vector<std::string> said;
  for (const Editable& entry : editables.take()) {
    said.push_back(entry.text + (entry.struck ? " (struck)" : "") +
                   (entry.newest ? " " + std::to_string(entry.newest->micros - entry.name.time.micros - year) : ""));
  }
  return said;
}

void add_all(Editables& editables, const std::string& answer, Ink ink) {
  CorrectedReader reader(ink);
  reader.feed(answer);
  reader.finish();
  while (const auto read = reader.next()) editables.add(*read);
}

std::vector<std::string> told(const std::string& answer, Ink ink = Ink::newest) {
  Editables editables(100);
  add_all(editables, answer, ink);
  return told(editables);
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("editable: an entry is known by its time and the hash of its first text, corrected or not") {
  CorrectedReader reader;
  reader.feed(entry(0, "one") + correction(0, "one", "two") + entry(1, "three") + "loose\n" +
              correction(2, "x", "four"));
  reader.finish();
  const EntryName one{{1'446'038'763'417'293, 480}, name_hash("one")};
  const auto first = editable(*reader.next());
  REQUIRE(first);
  CHECK(first->name == one);
  CHECK(first->time == one.time);
  CHECK(first->text == "two");
  CHECK(first->newest.has_value());
  CHECK(shown(*first).corrected == first->newest);
  const auto second = editable(*reader.next());
  CHECK(second->text == "three");
  CHECK_FALSE(second->newest);
  CHECK_FALSE(editable(*reader.next()));
  const auto by_itself = editable(*reader.next());
  CHECK(by_itself->name.hash == name_hash("x"));
  CHECK(by_itself->time != by_itself->name.time);
  CHECK(by_itself->newest == by_itself->time);
}

TEST_CASE("editables: what was written of one entry says the same in every order") {
  std::vector<std::string> pieces{entry(0, "one"), correction(0, "one", "two", 1), correction(0, "one", "three", 2),
                                  correction(0, "one", "", 3)};
  std::sort(pieces.begin(), pieces.end());
  do {
    std::string answer;
    for (const std::string& piece : pieces) answer += piece;
    CAPTURE(answer);
    CHECK(told(answer, Ink::all) == Told{"three (struck) 3"});
  } while (std::next_permutation(pieces.begin(), pieces.end()));
}

TEST_CASE("editables: at equal times the greater text counts, and a strike is the least") {
  const std::string a = correction(0, "one", "a");
  const std::string b = correction(0, "one", "b");
  const std::string none = correction(0, "one", "");
  CHECK(told(entry(0, "one") + a + b + none, Ink::all) == Told{"b 0"});
  CHECK(told(entry(0, "one") + none + b + a, Ink::all) == Told{"b 0"});
}

TEST_CASE("editables: what was added is filled in by what is learnt, and nothing else is") {
  Editables editables(100);
  add_all(editables, correction(0, "one", "", 5), Ink::all);
  CHECK(editables.days_to_learn() == std::vector<std::string>{"2015-10-28"});
  for (const std::string& answer :
       {entry(0, "one"), entry(0, "other"), correction(1, "x", "y"), std::string("loose\n")}) {
    CorrectedReader reader(Ink::all);
    reader.feed(answer);
    reader.finish();
    editables.learn(*reader.next());
  }
  CHECK(editables.days_to_learn().empty());
  CHECK(told(editables) == Told{"one (struck) 5"});
}

TEST_CASE("editables: no more than can be taken, and loose lines are counted") {
  Editables editables(1);
  add_all(editables, entry(0, "one") + "loose\n\n" + correction(0, "one", "two"), Ink::all);
  CHECK_FALSE(editables.full());
  CHECK(editables.loose_lines() == 1);
  add_all(editables, entry(1, "two"), Ink::all);
  CHECK(editables.full());
  CHECK(told(editables) == Told{"two 0"});
}
