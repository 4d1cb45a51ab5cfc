// What an entry costs from Enter to `saved`, with server and client on one disk, against the bare system calls that it
// cannot do without: one write(2) and one fdatasync(2) into the outbox, and the same into the diary.
#include <poll.h>
#include <sched.h>

#include <string>

#include "client/link.h"
#include "client/outbox.h"
#include "common/entry.h"
#include "common/error.h"
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"
#include "tests/support/server.h"

namespace md2::bench {

using namespace md2::test;

namespace {

constexpr int warm_up = 200;
constexpr int presses = 1000;
constexpr std::size_t text_size = 160;  ///< with its header about 200 bytes
constexpr double limit = 1.3;

void wait_for_event(Inbox& inbox, Event::Kind kind) {
  for (;;) {
    for (const Event& event : inbox.take()) {
      if (event.kind == kind) return;
      if (event.kind == Event::Kind::fatal || event.kind == Event::Kind::offline) throw Error(event.message.text);
    }
    pollfd item{inbox.fd(), POLLIN, 0};
    if (poll(&item, 1, -1) < 0) throw_errno("cannot wait");
  }
}

}  // namespace

void latency(Bench& bench) {
  const Sandbox sandbox;
  Server server(sandbox);
  Outbox outbox(sandbox.state() + "/outbox", server.address_text());
  Link link({server.address(), sandbox.keys(), false, false}, outbox);
  wait_for_event(link.inbox(), Event::Kind::drained);
  Bare first(sandbox.path("first"));
  Bare second(sandbox.path("second"));
  EntryClock clock;
  Figures bare;
  Figures enter;
  Figures saved;
  for (int i = 0; i < warm_up + presses; ++i) {
    const std::string entry = encode({clock.next(), std::string(text_size, 'a')});
    const auto begin = Clock::now();
    first.append(entry);
    second.append(entry);
    const auto pressed = Clock::now();
    link.requests().outbox_fills();
    outbox.put({entry});
    link.requests().outbox_filled();
    outbox.sync();
    const auto returned = Clock::now();
    // Looked at, not waited for: being woken once more costs this thread as much as a fast disk takes for a third pair.
    while (outbox.waiting() > 0) sched_yield();
    const auto end = Clock::now();
    wait_for_event(link.inbox(), Event::Kind::drained);
    if (i < warm_up) continue;
    bare.push_back(microseconds(pressed - begin));
    enter.push_back(microseconds(returned - pressed));
    saved.push_back(microseconds(end - pressed));
  }
  const auto print = [&](const std::string& name, const Figures& times, double part, const Claim& claim) {
    bench.table().figure(name, percentile(times, part), "us");
    bench.table().beside("two write+fdatasync pairs", percentile(times, part), percentile(bare, part), "us", claim);
  };
  print("Enter returns, p50", enter, 0.5, {});
  print("Enter to saved, p50", saved, 0.5, ratio_at_most(limit));
  print("Enter to saved, p99", saved, 0.99, {});
}

}  // namespace md2::bench
