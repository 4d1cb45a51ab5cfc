// What an entry costs from Enter to `saved`, with server and client on one disk, against the bare system calls that it
// cannot do without: one write(2) and one fdatasync(2) into the outbox, and the same into the diary.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "client/link.h"
#include "client/outbox.h"
#include "common/entry.h"
#include "common/error.h"
#include "common/file.h"
#include "tests/support/server.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr int warm_up = 200;
constexpr int rounds = 1000;
constexpr std::size_t text_size = 160;  ///< with its header about 200 bytes
constexpr double limit = 1.3;

using Clock = std::chrono::steady_clock;
using Times = std::vector<double>;  ///< microseconds

double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double percentile(Times times, double part) {
  const auto nth = times.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), nth, times.end());
  return *nth;
}

/// A file that is appended to and synced, as outbox and diary are.
class Bare {
 public:
  explicit Bare(const std::string& path) : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (!fd_) throw_errno("cannot make " + path);
  }

  void append(const std::string& bytes) {
    if (write_all(fd_.get(), bytes) != bytes.size() || fdatasync(fd_.get()) != 0) throw_errno("cannot append");
  }

 private:
  UniqueFd fd_;
};

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

void print(const char* what, const Times& times, double base) {
  fmt::print("{:<34}p50 {:6.0f} us   p99 {:6.0f} us   {:.2f}\n", what, percentile(times, 0.5), percentile(times, 0.99),
             percentile(times, 0.5) / base);
}

}  // namespace

int main() {
  const Sandbox sandbox;
  Server server(sandbox);
  Outbox outbox(sandbox.state() + "/outbox", server.address_text());
  Link link({server.address(), sandbox.keys(), false, false}, outbox);
  wait_for_event(link.inbox(), Event::Kind::drained);
  Bare first(sandbox.path("first"));
  Bare second(sandbox.path("second"));
  EntryClock clock;
  Times bare;
  Times enter;
  Times saved;
  for (int i = 0; i < warm_up + rounds; ++i) {
    const std::string entry = encode({clock.next(), std::string(text_size, 'a')});
    const auto begin = Clock::now();
    first.append(entry);
    second.append(entry);
    const auto pressed = Clock::now();
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
  const double base = percentile(bare, 0.5);
  print("two bare write+fdatasync pairs", bare, base);
  print("Enter returns", enter, base);
  print("Enter to saved", saved, base);
  fmt::print("Enter to saved must be at most {} times the two pairs\n", limit);
}
