// Server and client are killed before each system call in turn; what was kept arrives, once and in order.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <vector>

#include "tests/fault/server_life.h"
#include "tests/fault/sweep.h"

using namespace md2;
using namespace md2::test;

namespace {

struct Call {
  const char* name;
  bool on_files;  ///< only calls on the files in question count
  int first = 1;  ///< calls before are made by the loader, long before a diary or an outbox is touched
};

/// The calls of the server's way from the socket to the disk and back.
constexpr Call server_calls[] = {{"write", true},      {"fdatasync", true}, {"fsync", true},     {"openat", true},
                                 {"newfstatat", true}, {"lseek", true},     {"pread64", true},   {"fadvise64", true},
                                 {"flock", false},     {"accept4", false},  {"recvfrom", false}, {"sendto", false},
                                 {"pselect6", false},  {"close", false, 16}};

/// The calls of the client's way from Enter to the outbox and to the socket.
constexpr Call client_calls[] = {
    {"flock", false},   {"write", false},      {"fdatasync", false},     {"fsync", false},     {"unlink", false},
    {"rename", false},  {"pread64", false, 4}, {"sendto", false},        {"recvfrom", false},  {"openat", false, 12},
    {"connect", false}, {"socket", false},     {"newfstatat", false, 8}, {"getdents64", false}};

}  // namespace

TEST_CASE("a server killed before any system call of the write path loses nothing and doubles nothing") {
  two_at_a_time(server_calls, [](const Call& call) {
    Scene scene;
    CHECK(scene.feed_client("before", {}, 1) == 0);  // a server reads a diary that is not empty when it starts
    scene.server.stop(SIGTERM);
    const std::string folder = scene.sandbox.path("data/md2");
    const std::vector<std::string> files{scene.sandbox.diary(), scene.sandbox.diary() + ".lock", folder};
    const std::vector<std::string> none;
    bool killed_once = false;
    for (int n = call.first; n < 400; n = next_point(n)) {
      CAPTURE(call.name);
      CAPTURE(n);
      ServerLife life(scene, fmt::format("{} {}", call.name, n));
      const bool died = life.live(injected(call.name, n, "signal=SIGKILL", call.on_files ? files : none)) == killed;
      life.recover();
      tally().kills += died;
      killed_once = killed_once || died;
      if (!died) break;
    }
    CAPTURE(call.name);
    CHECK(killed_once);
    scene.check_all();
  });
}

TEST_CASE("a client killed before any system call leaves what it kept to the next one, which may be killed as well") {
  two_at_a_time(client_calls, [](const Call& call) {
    Scene scene;
    for (int n = call.first; n < 400; n = next_point(n)) {
      CAPTURE(call.name);
      CAPTURE(n);
      const Command injection = injected(call.name, n, "signal=SIGKILL");
      const std::string name = fmt::format("{} {}", call.name, n);
      const bool died = scene.feed_client(name, injection, 3) == killed;
      const bool heir_died = died && scene.feed_client(name + " heir", injection, 2) == killed;
      if (heir_died) scene.feed_client(name + " second heir", injected("sendto", 2, "signal=SIGKILL"), 1);
      if (died) {
        const Result adopted = scene.adopt();
        INFO(adopted.error);
        CHECK(adopted.status == 0);
      }
      if (!died) break;
    }
    CAPTURE(call.name);
    scene.check_all();
  });
}

TEST_CASE("a client killed without a server leaves its outbox; several heirs at once share what was left") {
  Scene scene;
  scene.server.stop(SIGTERM);
  for (int n = 1; n < 20; n = next_point(n)) {
    const std::string name = fmt::format("orphan {}", n);
    scene.feed_client(name, injected("fdatasync", n, "signal=SIGKILL"), 12);
  }
  scene.server.start();
  std::vector<Program> heirs;
  heirs.reserve(8);
  for (int i = 0; i < 8; ++i) heirs.emplace_back(scene.sandbox, scene.client());
  for (Program& heir : heirs) CHECK(heir.wait() == 0);
  scene.check_all();
}
