#include "server/diary/proof.h"

#include <doctest/doctest.h>

using namespace md2;
using namespace std::chrono_literals;

namespace {

struct stat status_of(off_t size, long modified) {
  struct stat status = {};
  status.st_size = size;
  status.st_mtim.tv_nsec = modified;
  status.st_ctim.tv_nsec = modified;
  return status;
}

const Proof::Time start{1h};

}  // namespace

TEST_CASE(
    "a file that was not compared is due at once, and proven when its stamp is older than a tick, but looked at again "
    "when something comes") {
  Proof proof;
  CHECK(proof.due(start));
  CHECK(proof.look(status_of(1, 1), start));
  proof.compared(start, start);
  CHECK_FALSE(proof.due(start));
  CHECK(proof.deadline() == start + 1s);
  CHECK(proof.due(start + 1s));
  proof.compared(start + 1s, start + 1s);
  CHECK_FALSE(proof.deadline());
  CHECK_FALSE(proof.due(start + 1900ms));
  CHECK(proof.due(start + 2s));  // nobody is woken for it, but size and both times can be put back
}

TEST_CASE("an own append leaves the file unproven, and is nobody else's touch") {
  Proof proof;
  proof.look(status_of(1, 1), start);
  proof.compared(start + 1s, start + 1s);
  proof.appended(1, status_of(2, 2), start + 2s);
  CHECK_FALSE(proof.look(status_of(2, 2), start + 2s));
  CHECK(proof.due(start + 2s));
  proof.compared(start + 2s, start + 2s);
  CHECK(proof.deadline() == start + 3s);
}

TEST_CASE("a stamp that was not seen before is somebody's touch, whatever it differs in") {
  Proof proof;
  proof.look(status_of(1, 1), start);
  proof.compared(start + 1s, start + 1s);
  CHECK(proof.look(status_of(1, 2), start + 2s));
  CHECK(proof.look(status_of(2, 2), start + 2s));
  CHECK_FALSE(proof.look(status_of(2, 2), start + 2s));
  CHECK(proof.due(start + 2s));
}

TEST_CASE("appends are compared before the ring can forget them") {
  Proof proof;
  proof.look(status_of(1, 1), start);
  proof.compared(start, start);
  proof.appended(std::size_t{1} << 19, status_of(2, 2), start);
  CHECK_FALSE(proof.due(start));
  proof.appended(std::size_t{1} << 19, status_of(3, 3), start);
  CHECK(proof.due(start));
}
