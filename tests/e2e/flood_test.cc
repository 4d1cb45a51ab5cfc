// Strangers in masses, and a server that runs out of descriptors: those who hold a key are served.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The number behind `name` in proc(5)'s /proc/PID/status: kibibytes, or a count.
long status_of(pid_t pid, const std::string& name) {
  const std::string status = read_file(fmt::format("/proc/{}/status", pid));
  return std::stol(status.substr(status.find(name + ':') + name.size() + 1));
}

/// The most memory that the process has held, in kibibytes.
long peak_of(pid_t pid) {
  return status_of(pid, "VmHWM");
}

/// What a server may hold at its peak that held `at_start` before its first client. A client costs 15 KiB with OpenSSL
/// 3.0 and 23 KiB with 3.5, nearly all of it OpenSSL's own; an eighth more is ours to lose.
long allowed_peak(long at_start, long clients) {
  const long each = OpenSSL_version_num() < 0x30500000UL ? 17 : 26;
  return at_start + clients * each;
}

/// Nanoseconds that the process has run (/proc/PID/schedstat).
std::uint64_t run_time(pid_t pid) {
  return std::stoull(read_file(fmt::format("/proc/{}/schedstat", pid)));
}

/// The process does not run at all while other programs come and go.
void check_idle(const Sandbox& sandbox, pid_t pid) {
  wait_until_idle(pid);
  const std::uint64_t before = run_time(pid);
  for (int i = 0; i < 5; ++i) run(sandbox, {"true"});
  CHECK(run_time(pid) == before);
}

/// Lets a process have `count` descriptors.
void limit_descriptors(pid_t pid, rlim_t count) {
  rlimit limit{};
  if (prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) != 0) throw_errno("cannot ask for a limit");
  limit.rlim_cur = count;
  if (count > limit.rlim_max) throw Failure(fmt::format("no process may have {} descriptors here", count));
  if (prlimit(pid, RLIMIT_NOFILE, &limit, nullptr) != 0) throw_errno("cannot set a limit");
}

/// Limits the descriptors of a process so that at least `room` are free. Returns how many are.
std::size_t leave_room(pid_t pid, std::size_t room) {
  std::size_t used = 0;
  std::size_t end = 0;
  for (const auto& item : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid))) {
    ++used;
    end = std::max<std::size_t>(end, std::stoul(item.path().filename()) + 1);
  }
  const std::size_t limit = std::max(end, used + room);
  limit_descriptors(pid, limit);
  return limit - used;
}

/// The test's own, until the end of the scope.
class ScopedDescriptors {
 public:
  explicit ScopedDescriptors(rlim_t count) {
    getrlimit(RLIMIT_NOFILE, &before_);
    if (before_.rlim_cur < count) limit_descriptors(0, count);
  }
  ~ScopedDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  ScopedDescriptors(const ScopedDescriptors&) = delete;
  ScopedDescriptors& operator=(const ScopedDescriptors&) = delete;

 private:
  rlimit before_{};
};

UniqueFd connect_to(const Address& address) {
  UniqueFd socket = start_connect_to(address);
  pollfd item{socket.get(), POLLOUT, 0};
  if (poll(&item, 1, Deadline().left()) != 1 || connect_error(socket.get()) != 0)
    throw Failure("cannot connect to " + to_string(address));
  return socket;
}

void say(const UniqueFd& socket, std::string_view bytes) {
  REQUIRE(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
}

/// Waits until the server has closed the connection; true when it had not said a word before, or only an alert.
bool ends_in_silence(const UniqueFd& socket) {
  constexpr std::size_t alert_size = 7;
  char bytes[64];
  std::size_t said = 0;
  for (const Deadline deadline; wait_readable(socket.get(), deadline);) {
    const ssize_t count = ::recv(socket.get(), bytes, sizeof bytes, 0);
    if (count <= 0) return said <= alert_size;
    said += static_cast<std::size_t>(count);
  }
  return false;
}

/// A whole first flight of a client that holds the key.
std::string client_hello(ServerProgram& server) {
  Channel channel(server.tls());
  return std::string(channel.outgoing());
}

}  // namespace

TEST_CASE("200 who say nothing and 200 who send garbage: who has the key is served, and then the server sleeps") {
  ServedDiary served;
  const pid_t pid = served.server.program().pid();
  const long at_start = peak_of(pid);
  const std::string hello = client_hello(served.server);
  const std::vector<std::string> garbage{"hi\n", "GET / HTTP/1.1\r\n\r\n", std::string(1000, '\0'), "\xff\xfe",
                                         std::string("\x16\x03\x01\x00\x05hello", 10)};
  {
    std::vector<UniqueFd> silent;
    std::vector<UniqueFd> loud;
    std::vector<UniqueFd> halting;
    for (std::size_t i = 0; i < 200; ++i) {
      silent.push_back(connect_to(served.server.address()));
      loud.push_back(connect_to(served.server.address()));
      say(loud.back(), garbage[i % garbage.size()]);
    }
    for (const UniqueFd& socket : loud) CHECK(ends_in_silence(socket));
    const Result read = run(served.sandbox, served.client({"read"}));
    CHECK(read.status == 0);
    CHECK(read.output == first_line);
    // Half a greeting is no sign of a key.
    for (int i = 0; i < 200; ++i) {
      halting.push_back(connect_to(served.server.address()));
      say(halting.back(), hello.substr(0, hello.size() - 1));
    }
    CHECK(run(served.sandbox, served.client({"read"})).output == first_line);
    if (!sanitized()) CHECK(peak_of(pid) < allowed_peak(at_start, 600));
  }
  check_idle(served.sandbox, pid);
  const std::string& log = served.server.program().error();
  CHECK(std::count(log.begin(), log.end(), '\n') <= 12);  // a flood does not fill the disk
}

TEST_CASE("a handshake that trickles in byte by byte is a handshake, also when fifty came behind it") {
  ServedDiary served;
  const UniqueFd socket = connect_to(served.server.address());
  set_connection_options(socket.get());
  std::vector<UniqueFd> others;
  others.reserve(50);
  for (int i = 0; i < 50; ++i) others.push_back(connect_to(served.server.address()));
  CHECK(run(served.sandbox, served.client({"read"})).output == first_line);  // they were let in
  Channel channel(served.server.tls());
  std::string said;
  while (said.find("md2 2 ") == std::string::npos) {
    while (!channel.outgoing().empty()) {
      say(socket, channel.outgoing().substr(0, 1));
      channel.sent(1);
    }
    REQUIRE(wait_readable(socket.get(), Deadline()));
    char byte = 0;
    REQUIRE(::recv(socket.get(), &byte, 1, 0) == 1);
    channel.receive({&byte, 1});
    channel.read(said, 1000);
  }
  CHECK(channel.state() == Channel::State::open);
}

TEST_CASE(
    "what clients leave half said is bounded for all together: who has most is told and goes, and it is given back") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const pid_t pid = server.program().pid();
  const long at_start = peak_of(pid);
  std::vector<WireClient> wires;
  const std::string half = "write 0 2000000\n" + std::string(1'900'000, 'x');
  for (int i = 0; i < 50; ++i) wires.emplace_back(server).send_raw(half);
  const auto ended = [](const WireClient& wire) { return wire.ended(); };
  wait_until(
      wires,
      [&] {
        return std::count_if(wires.begin(), wires.end(), ended) >= 10 &&
               std::none_of(wires.begin(), wires.end(),
                            [&](WireClient& wire) { return !ended(wire) && wire.wants_write(); });
      },
      "room for all");
  for (WireClient& wire : wires) {
    if (!ended(wire)) continue;
    const auto said = wire.take();
    REQUIRE(said);
    CHECK(said->verb == Verb::error);
    CHECK(said->text.find("memory") != std::string::npos);
  }
  CHECK(std::count_if(wires.begin(), wires.end(), ended) < 40);
  WireClient other(server);
  other.send(Verb::ask);
  other.expect(Verb::help);
  server.program().expect_error("memory is full");
  if (!sanitized()) CHECK(peak_of(pid) < at_start + 90L * 1024);
  wires.clear();
  wait_until_idle(pid);
  if (!sanitized()) CHECK(status_of(pid, "VmRSS") < at_start + 8L * 1024);
}

TEST_CASE("without a free descriptor the server turns clients away, does not spin, and serves again afterwards") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const pid_t pid = server.program().pid();
  {
    std::vector<WireClient> wires;
    wires.emplace_back(server);
    for (std::size_t room = leave_room(pid, 3); room > 0; --room) wires.emplace_back(server);
    for (int i = 0; i < 5; ++i) CHECK(ends_in_silence(connect_to(server.address())));
    server.program().expect_error("no descriptor is left");
    check_idle(sandbox, pid);
    for (WireClient& wire : wires) {
      wire.send(Verb::ask);
      wire.expect(Verb::help);
    }
  }
  wait_until_idle(pid);
  WireClient(server).send(Verb::ask);  // the greeting came
}

TEST_CASE("more clients than select can watch: those in excess get error, and a place that is given up is taken") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const long at_start = peak_of(server.program().pid());
  constexpr rlim_t enough = 2048;
  limit_descriptors(server.program().pid(), enough);
  const ScopedDescriptors own(enough);
  std::vector<WireClient> wires;
  Message last;
  while (wires.size() < 1100) {
    last = wires.emplace_back(server, WireClient::Greeting::leave).next();
    if (last.verb == Verb::error) break;
    REQUIRE(last.verb == Verb::greeting);
  }
  CHECK(wires.size() > 950);
  CHECK(last.verb == Verb::error);
  CHECK(last.text.find("as many clients as it can serve") != std::string::npos);
  wires.back().expect_end();
  wires.pop_back();
  CHECK(WireClient(server, WireClient::Greeting::leave).next().verb == Verb::error);
  wires.front().send(Verb::quit);
  wires.front().expect(Verb::bye);
  wires.front().expect_end();
  const Deadline deadline;  // the server may see a newcomer before it sees that somebody has gone
  while ((last = WireClient(server, WireClient::Greeting::leave).next()).verb == Verb::error && deadline.left() > 0) {
  }
  CHECK(last.verb == Verb::greeting);
  if (!sanitized()) CHECK(peak_of(server.program().pid()) < allowed_peak(at_start, static_cast<long>(wires.size())));
}
