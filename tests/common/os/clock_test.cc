#include "common/os/clock.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>

#include "common/os/error.h"
#include "tests/support/child.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/own_namespace.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;

namespace {

/// A zone without summer time, `hours` east of Greenwich, as /etc/localtime holds it (tzfile(5)).
std::string zone(int hours) {
  const auto number = [](int value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
  };
  std::string file = "TZif" + std::string(16, '\0');
  for (const int count : {0, 0, 0, 0, 1, 4}) file += number(count);
  return file + number(hours * 3600) + std::string(2, '\0') + "XXX" + std::string(1, '\0');
}

/// An /etc of this process's own, with nothing in it but the zone.
bool own_etc() {
  return enter_own_namespace(CLONE_NEWNS) && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", "/etc", "tmpfs", 0, nullptr) == 0;
}

constexpr int no_namespace = 77;

}  // namespace

TEST_CASE("each moment is shown in the zone that the machine is in then, though it was another before") {
  const int status = in_child([] {
    unsetenv("TZ");
    if (!own_etc()) return no_namespace;
    for (const int hours : {8, -5, 8, 1}) {
      replace_by_hand("/etc/localtime", zone(hours));
      const Deadline deadline;  // it looks once in a thousandth of a second
      while (real_clock().wall().offset_minutes != hours * 60) {
        if (deadline.left() == 0) return 1;
      }
      if (local_time("%z").substr(0, 3) != (hours < 0 ? "-0" : "+0") + std::to_string(std::abs(hours))) return 2;
    }
    return 0;
  });
  if (status == no_namespace) return skip("no mount namespace of its own is allowed here");
  CHECK(status == 0);
}

TEST_CASE("threads may ask for the time at once") {
  std::array<std::jthread, 2> threads;
  for (std::jthread& thread : threads) {
    thread = std::jthread([] {
      for (int i = 0; i < 20'000; ++i) real_clock().wall();  // what they do to each other the thread sanitizer sees
    });
  }
}
