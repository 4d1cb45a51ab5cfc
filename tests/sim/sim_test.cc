// Some seeds of the simulation, so that whoever runs the tests runs it, too; and that it can fail.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/sim/run.h"
#include "tests/support/deadline.h"

using namespace md2::sim;

namespace {

/// The world of the seed is clean; else its story is told.
void check_clean(std::uint64_t seed) {
  const Result result = run_seed(seed);
  if (result.verdict.clean()) return;
  Settings told;
  told.told = true;
  std::string story;
  for (const std::string& line : run_seed(seed, told).story) story.append(line) += '\n';
  FAIL_CHECK("seed " << seed << ": " << result.faults.front() << "\n" << story);
}

/// The first of so many seeds in which the mutant leads to the fault that it is made for; 0: none.
std::uint64_t first_found(std::string_view name, std::uint64_t seeds) {
  const MutantRow row = mutant_of(name).value();
  Settings settings;
  settings.mutant = row.mutant;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const std::string& fault : run_seed(seed, settings).faults) {
      if (fault.find(row.finds) != fault.npos) return seed;
    }
  }
  return 0;
}

}  // namespace

// A sanitizer's build has more of them by `make sim`.
TEST_CASE("in simulated worlds nothing is lost, doubled or wrong") {
  for (std::uint64_t seed = 1; seed <= (md2::test::sanitized() ? 10 : 60); ++seed) check_clean(seed);
}

// Each of these has found a fault. What happens in it changes with the simulation's chances: the fault itself has a
// test of the class that was to blame.
TEST_CASE("the world is clean in which a buffer went over the file in the middle of a power cut") {
  check_clean(94);
}

TEST_CASE("the world is clean in which lines were sorted while an entry was in doubt") {
  check_clean(179);
  check_clean(919);
}

TEST_CASE("the world is clean in which a failed sync left zeros behind the owner's entry") {
  check_clean(410);
  check_clean(721);
}

TEST_CASE("the world is clean in which a line was changed while the server started") {
  check_clean(722);
  check_clean(897);
}

TEST_CASE("the world is clean in which all line ends changed while a server took up the diary's end") {
  check_clean(3461);
}

TEST_CASE("the world is clean in which an entry went missing from the ring and, with CRLF, from the old diary") {
  check_clean(11786);
}

TEST_CASE("the world is clean in which the owner wrote over what was just to be cut back") {
  check_clean(27336);
  check_clean(31541);
}

TEST_CASE("the world is clean in which an editor wrote to a file that had lost its name") {
  check_clean(1960);
}

TEST_CASE("the world is clean in which a file was read while it was written, and then had grown") {
  check_clean(6815);
}

TEST_CASE("the world is clean in which the diary's end was taken up while the owner appended") {
  check_clean(40325);
}

TEST_CASE("the world is clean in which the copies of a glued entry were sorted") {
  check_clean(42369);
}

TEST_CASE("the world is clean in which an answer had shown more than was followed, and then the owner saved") {
  check_clean(2094);
}

TEST_CASE("the world is clean in which a lost line end left an entry in the middle of a line") {
  check_clean(86412);
}

TEST_CASE("the world is clean in which there was no room for what is missing, after a power cut and before a save") {
  check_clean(147737);
}

TEST_CASE("the same seed gives the same world, to the last event") {
  for (const std::uint64_t seed : {3U, 17U, 101U}) {
    Settings told;
    told.told = true;
    const Result one = run_seed(seed, told);
    CHECK(one.story.size() > 50);
    CHECK(one.story == run_seed(seed, told).story);
    CHECK(one.story != run_seed(seed + 1, told).story);
  }
}

TEST_CASE("the simulation finds a disk that lies, a sync, an adoption or a look left out") {
  for (const char* const name : {"lying-disk", "outbox-sync", "forgotten-outbox", "L1"}) {
    CAPTURE(name);
    CHECK(first_found(name, 300) != 0);
  }
}
