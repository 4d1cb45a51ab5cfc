// The server as a whole: many clients, bad clients, starting and ending.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>

#include "common/diary/entry_reader.h"
#include "common/os/paths.h"
#include "common/os/version.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/sockets.h"
#include "tests/support/wire_client.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Kibibytes of memory the process has in use.
long resident(pid_t pid) {
  const std::string status = read_file(fmt::format("/proc/{}/status", pid));
  return std::stol(status.substr(status.find("VmRSS:") + 6));
}

/// Runs a server that must not start.
Result refused_start(const Sandbox& sandbox, Command arguments) {
  arguments.insert(arguments.begin(), binary("md2server"));
  return run(sandbox, arguments);
}

void check_one_line(const Result& result) {
  CHECK(result.status == 1);
  CHECK(result.output == "");
  CHECK(result.error.starts_with("md2server: "));
  CHECK(std::count(result.error.begin(), result.error.end(), '\n') == 1);
}

void make_large_diary(const Sandbox& sandbox, std::size_t size) {
  std::string diary;
  while (diary.size() < size) diary += entry(static_cast<int>(diary.size()), std::string(1000, 'a'));
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), diary);
}

}  // namespace

TEST_CASE("many clients write at once: every entry stands in the file once and whole, and all see it live") {
  const int clients = sanitized() ? 20 : 200;
  const int entries = sanitized() ? 20 : 100;
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  std::vector<WireClient> wires;
  for (int i = 0; i < clients; ++i) wires.emplace_back(server).send(Verb::hi);
  std::set<std::string> expected;
  for (int i = 0; i < clients; ++i) {
    std::string requests;
    for (int j = 0; j < entries; ++j) {
      const std::string bytes = entry(i * entries + j, fmt::format("{} 说 {}\n第二行", i, j));
      append_message(requests, Verb::write, 0, bytes);
      expected.insert(bytes);
    }
    wires[static_cast<std::size_t>(i)].send_raw(requests);
  }
  std::size_t size = 0;
  for (const std::string& bytes : expected) size += bytes.size();
  struct Seen {
    int saved = 0;
    std::uint64_t bytes = 0;
    bool in_order = true;
  };
  std::vector<Seen> seen(wires.size());
  const auto done = [&] {
    bool all = true;
    for (std::size_t i = 0; i < wires.size(); ++i) {
      while (const auto message = wires[i].take()) {
        if (message->verb == Verb::saved) ++seen[i].saved;
        if (message->verb != Verb::diary) continue;
        seen[i].in_order = seen[i].in_order && message->number == seen[i].bytes;
        seen[i].bytes += message->text.size();
      }
      all = all && seen[i].saved == entries && seen[i].bytes >= size;
    }
    return all;
  };
  wait_until(wires, done, "every answer and every entry");
  for (std::size_t i = 0; i < wires.size(); ++i) {
    CAPTURE(i);
    CHECK(seen[i].in_order);
    CHECK(seen[i].bytes == size);
  }
  EntryReader reader;
  reader.feed(read_file(sandbox.diary()));
  std::set<std::string> found;
  std::size_t items = 0;
  for (; const auto item = reader.next(); ++items) found.insert(item->raw);
  CHECK(reader.pending() == 0);
  CHECK(items == expected.size());
  CHECK((found == expected));
}

TEST_CASE("a client that never reads holds nobody up and costs little memory") {
  const Sandbox sandbox;
  make_large_diary(sandbox, 64 << 20);
  ServerProgram server(sandbox);
  std::vector<WireClient> sleepers;
  for (int i = 0; i < 10; ++i) sleepers.emplace_back(server).send(Verb::hi);
  WireClient writer(server);
  for (int i = 0; i < 100; ++i) {
    writer.send(Verb::write, writer.greeting().number, entry(i, "今天"));
    writer.expect(Verb::saved);
  }
  if (!sanitized()) CHECK(resident(server.program().pid()) < 16 * 1024);
}

TEST_CASE("a client that asks and asks and never reads an answer costs little memory") {
  const Sandbox sandbox;
  make_large_diary(sandbox, 1 << 20);
  ServerProgram server(sandbox);
  WireClient sleeper(server);
  std::string requests;
  for (int i = 0; i < 200'000; ++i) requests += i % 2 == 0 ? "?\n" : "r\n";
  sleeper.send_raw(requests);
  WireClient writer(server);
  for (int i = 0; i < 100; ++i) {
    writer.send(Verb::write, writer.greeting().number, entry(i, "今天"));
    writer.expect(Verb::saved);
  }
  if (!sanitized()) CHECK(resident(server.program().pid()) < 16 * 1024);
}

TEST_CASE("a length that is only claimed costs no memory") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  constexpr int claims = 50;
  std::vector<WireClient> wires;
  wires.reserve(claims);
  for (int i = 0; i < claims; ++i) wires.emplace_back(server);
  const long before = resident(server.program().pid());
  for (WireClient& wire : wires) wire.send_raw(fmt::format("write 0 {}\n[20", max_encoded));
  WireClient(server).send_raw("?\n");
  WireClient last(server);  // the server has looked at all of them when it answers
  last.send_raw("?\n");
  last.expect(Verb::help);
  if (!sanitized()) CHECK(resident(server.program().pid()) - before < claims * 64);
}

TEST_CASE("whoever speaks no TLS is cut off without a word") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const UniqueFd plain = start_connect_to(server.address());
  pollfd item{plain.get(), POLLOUT, 0};
  REQUIRE(poll(&item, 1, Deadline().left()) == 1);
  REQUIRE(::send(plain.get(), "hi\n", 3, MSG_NOSIGNAL) == 3);
  char byte = 0;
  REQUIRE(wait_readable(plain.get(), Deadline()));
  CHECK(::recv(plain.get(), &byte, 1, 0) <= 0);
}

TEST_CASE("SIGINT and SIGTERM end the server cleanly: bye to everybody, exit 0, and the same diary again") {
  for (const int number : {SIGINT, SIGTERM}) {
    CAPTURE(number);
    const Sandbox sandbox;
    ServerProgram server(sandbox);
    WireClient idle(server);
    WireClient writer(server);
    writer.send(Verb::write, 0, entry(1, "今天"));
    writer.expect(Verb::saved);
    server.program().signal(number);
    for (WireClient* wire : {&idle, &writer}) {
      CHECK(wire->expect(Verb::bye).text != "");
      wire->expect_end();
    }
    CHECK(server.program().wait() == 0);
    const std::string address = server.address_text();
    server.start();
    CHECK(server.address_text() == address);
    WireClient again(server);
    CHECK(again.greeting().number == entry(1, "今天").size());
  }
}

TEST_CASE("SIGINT while clients write: each entry that was saved is in the file, and only whole ones are") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  std::vector<WireClient> wires;
  wires.reserve(10);
  for (int i = 0; i < 10; ++i) wires.emplace_back(server);
  std::string requests;
  for (std::size_t i = 0; i < wires.size(); ++i) {
    requests.clear();
    for (int j = 0; j < 1000; ++j)
      append_message(requests, Verb::write, 0, entry(static_cast<int>(i) * 1000 + j, "今天"));
    wires[i].send_raw(requests);
  }
  wires[0].expect(Verb::saved);
  server.program().signal(SIGINT);
  const auto all_ended = [&] {
    return std::all_of(wires.begin(), wires.end(), [](const WireClient& wire) { return wire.ended(); });
  };
  wait_until(wires, all_ended, "the end of all connections");
  CHECK(server.program().wait() == 0);
  const std::string diary = read_file(sandbox.diary());
  std::size_t saved = 1;
  for (WireClient& wire : wires) {
    std::uint64_t last = 0;
    std::optional<Message> message;
    while (auto next = wire.take()) {
      if (next->verb == Verb::saved) {
        ++saved;
        last = next->number;
        CHECK(last < diary.size());
      }
      message = std::move(next);
    }
    REQUIRE(message);
    CHECK(message->verb == Verb::bye);
  }
  EntryReader reader;
  reader.feed(diary);
  std::size_t entries = 0;
  for (; const auto item = reader.next(); ++entries) CHECK(decode(item->raw));
  CHECK(reader.pending() == 0);
  CHECK(entries >= saved);
}

TEST_CASE("an entry that was saved survives SIGKILL") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  {
    WireClient wire(server);
    wire.send(Verb::write, 0, entry(1, "今天"));
    wire.expect(Verb::saved);
    server.kill();
  }
  CHECK(read_file(sandbox.diary()) == entry(1, "今天"));
  server.start();
  CHECK(WireClient(server).greeting().number == entry(1, "今天").size());
}

TEST_CASE("diary and keys are for their owner's eyes only") {
  const Sandbox sandbox;
  const ServerProgram server(sandbox);
  for (const std::string& path : {sandbox.diary(), sandbox.keys()}) {
    CAPTURE(path);
    struct stat status = {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a port that is in use: one clear line, exit 1") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const Result result =
      refused_start(sandbox, {"--listen=" + server.address_text(), "--log=" + sandbox.path("other.log")});
  check_one_line(result);
  CHECK(result.error.find(server.address_text()) != std::string::npos);
  CHECK(result.error.find("Address already in use") != std::string::npos);
}

TEST_CASE("a second server on the same diary: one clear line, exit 1, and the first goes on") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const Result result = refused_start(sandbox, {"--listen=127.0.0.1:0"});
  check_one_line(result);
  CHECK(result.error.find(sandbox.diary()) != std::string::npos);
  CHECK(WireClient(server).greeting().number == 0);
}

TEST_CASE("a diary that can't be written, or a directory in its place: one clear line, exit 1") {
  const Sandbox sandbox;
  const std::string folder = sandbox.path("folder");
  make_folders(folder);
  for (const std::string& log : {folder, std::string("/proc/md4logging.log"), sandbox.path("home/.inputrc/diary")}) {
    CAPTURE(log);
    const Result result = refused_start(sandbox, {"--listen=127.0.0.1:0", "--log=" + log});
    check_one_line(result);
    CHECK(result.error.find(log) != std::string::npos);
  }
}

TEST_CASE("an address that is none: one clear line") {
  const Sandbox sandbox;
  for (const char* address : {"nowhere", "127.0.0.1:x", "127.0.0.1:99999", "no-such-host.invalid:5000"}) {
    CAPTURE(address);
    const Result result = refused_start(sandbox, {fmt::format("--listen={}", address)});
    CHECK(result.status != 0);
    CHECK(result.output == "");
    CHECK(result.error.find(address) != std::string::npos);
  }
}

TEST_CASE("the server tells its version and its usage, and a wrong usage is status 2") {
  const Sandbox sandbox;
  CHECK(run(sandbox, {binary("md2server"), "--version"}).output.find(version()) != std::string::npos);
  const Result help = run(sandbox, {binary("md2server"), "--help"});
  CHECK(help.status == 0);
  CHECK(help.output.find("--until-idle") != std::string::npos);
  for (const Command& arguments : {Command{"--no-such-option"}, Command{"word"}, Command{"--listen"}}) {
    Command command{binary("md2server")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Result result = run(sandbox, command);
    CHECK(result.status == 2);
    CHECK(result.output == "");
    CHECK(result.error.find('\n') + 1 == result.error.size());  // what is wrong stays on the screen
    CHECK(result.error.find(arguments[0]) != std::string::npos);
  }
}

TEST_CASE("--until-idle: the server leaves when its last client has left") {
  const Sandbox sandbox;
  ServerProgram server(sandbox, {"--until-idle"});
  {
    WireClient first(server);
    WireClient second(server);
    first.send_raw("quit\n");
    first.expect(Verb::bye);
    second.send_raw("?\n");
    second.expect(Verb::help);
  }
  CHECK(server.program().wait() == 0);
}

TEST_CASE("a server nobody talks to sleeps until somebody does") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  wire.send(Verb::hi);
  wire.expect(Verb::now);
  wait_until_idle(server.program().pid());
}

/// Who has it has two seconds for his last words otherwise. A machine that is busy may take its time once, but not each
/// time.
TEST_CASE("a server that ends does not wait for those who take nothing") {
  const Sandbox sandbox;
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), repeated(entry(1, std::string(1 << 20, 'x')), 16));
  ServerProgram server(sandbox);
  std::chrono::nanoseconds shortest = std::chrono::hours(1);
  for (int attempt = 0; attempt < 10 && shortest > std::chrono::seconds(1); ++attempt) {
    WireClient idle(server);
    WireClient reader(server);
    reader.send(Verb::hi);
    REQUIRE(wait_readable(reader.fd(), Deadline()));
    const auto begin = std::chrono::steady_clock::now();
    CHECK(server.stop(SIGTERM) == 0);
    shortest = std::min<std::chrono::nanoseconds>(shortest, std::chrono::steady_clock::now() - begin);
    idle.expect(Verb::bye);
    server.start();
  }
  CHECK(shortest < std::chrono::milliseconds(1500));
}
