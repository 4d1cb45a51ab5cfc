// What an entry costs from Enter to `saved`, with server and client on one disk, against the bare system calls that it
// cannot do without: one write(2) and one fdatasync(2) into the outbox, and the same into the diary.
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

constexpr int latency_warm_up = 200;
constexpr int latency_presses = 1000;
constexpr std::size_t latency_text_size = 160;  ///< with its header about 200 bytes
constexpr double latency_limit = 1.3;

/// Until the link has told that nothing is left to send: it goes to sleep then.
void wait_until_drained(Client& client) {
  while (client.next().kind != Event::Kind::drained) {
    if (!client.online()) throw Error(client.fault());
  }
}

}  // namespace

void latency(Bench& bench) {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  ClientOptions options;
  options.server = server.address();
  options.keys = sandbox.keys();
  options.outbox = sandbox.state() + "/outbox";
  Client client(options, false);
  wait_until_drained(client);
  Bare first(sandbox.path("first"));
  Bare second(sandbox.path("second"));
  Figures bare;
  Figures enter;
  Figures saved;
  for (int i = 0; i < latency_warm_up + latency_presses; ++i) {
    const std::string entry = client.make_entry(std::string(latency_text_size, 'a'));
    const auto begin = Clock::now();
    first.append(entry);
    second.append(entry);
    const auto pressed = Clock::now();
    client.keep({entry});
    const auto returned = Clock::now();
    // Looked at, not waited for: being woken once more costs this thread as much as a fast disk takes for a third pair.
    while (client.outbox().waiting() > 0) sched_yield();
    const auto end = Clock::now();
    wait_until_drained(client);
    if (i < latency_warm_up) continue;
    bare.push_back(microseconds(pressed - begin));
    enter.push_back(microseconds(returned - pressed));
    saved.push_back(microseconds(end - pressed));
  }
  const auto print = [&](const std::string& name, const Figures& times, double part, const Claim& claim) {
    bench.table().figure(name, percentile(times, part), "us");
    bench.table().beside("two write+fdatasync pairs", percentile(times, part), percentile(bare, part), "us", claim);
  };
  print("Enter returns, p50", enter, 0.5, {});
  print("Enter to saved, p50", saved, 0.5, ratio_at_most(latency_limit));
  print("Enter to saved, p99", saved, 0.99, {});
}

}  // namespace md2::bench
