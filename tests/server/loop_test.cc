#include "server/loop.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/child.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("a signal is heard though a descriptor is ready each time, and where none is") {
  const int status = in_child([] {
    Loop loop;
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) return 1;
    for (const bool ready : {true, false}) {
      raise(SIGHUP);
      loop.want(ends[0], ready, false);
      loop.wait(std::nullopt);
      if (loop.readable(ends[0]) != ready || !loop.take_reload() || loop.stopped()) return 2;
    }
    raise(SIGTERM);
    loop.want(ends[0], true, false);
    loop.wait(std::nullopt);
    return loop.stopped() ? 0 : 3;
  });
  CHECK(status == 0);
}
