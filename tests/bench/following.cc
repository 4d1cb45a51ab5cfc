// What it takes from Enter in one program to the line on another's `read --follow`, against Enter to `saved`, with all
// of them on one machine.
#include <sched.h>

#include <string>

#include "client/link/client.h"
#include "common/os/error.h"
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"
#include "tests/support/server_program.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr int following_warm_up = 200;
constexpr int following_presses = 1000;
constexpr std::size_t following_text_size = 160;  ///< with its header about 200 bytes
constexpr double following_limit = 1.5;

}  // namespace

/// Each entry is waited for in one of the two places, in turn: who looks at both has them in each other's way.
void following(Bench& bench) {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  ClientOptions options;
  options.server = server.address();
  options.keys = sandbox.keys();
  options.outbox = sandbox.state() + "/outbox";
  Client client(options, false);
  if (!client.wait_for_greeting()) throw Error(client.fault());
  Program follower(sandbox, {binary("md2client"), "--server=" + server.address_text(), "--key=" + sandbox.keys(),
                             "read", "--follow"});
  Figures saved;
  Figures followed;
  for (int i = 0; i < 2 * (following_warm_up + following_presses); ++i) {
    const bool line = i % 2 == 0;
    const std::string entry = client.make_entry(std::string(following_text_size, 'a'));
    const auto pressed = Clock::now();
    client.keep({entry});
    while (!line && client.outbox().waiting() > 0) sched_yield();
    if (line) follower.expect(entry);
    const auto end = Clock::now();
    if (line) {
      while (client.outbox().waiting() > 0) client.next();
    } else {
      follower.expect(entry);
    }
    if (i >= 2 * following_warm_up) (line ? followed : saved).push_back(microseconds(end - pressed));
  }
  for (const double part : {0.5, 0.99}) {
    const std::string name = part < 0.9 ? "Enter to the line on another's --follow, p50" : "the same, p99";
    bench.table().figure(name, percentile(followed, part), "us");
    bench.table().beside("Enter to saved", percentile(followed, part), percentile(saved, part), "us",
                         part < 0.9 ? ratio_at_most(following_limit) : Claim{});
  }
}

}  // namespace md2::bench
