// The way from a client to a server that was named: names with several addresses, names that nobody resolves, what
// answers in the server's place.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

#include "tests/support/files.h"
#include "tests/support/other_program.h"
#include "tests/support/own_names.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* no_names = "no mount namespace of its own is allowed here";

std::string port_of(const ServedDiary& served) {
  return served.server.address().port;
}

Command way_client(const ServedDiary& served, const std::string& host, const Command& more) {
  Command command{binary("md2client"), fmt::format("--server={}:{}", host, port_of(served)),
                  "--key=" + served.sandbox.keys()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

/// The machine's loopback may have no IPv6.
bool has_ipv6(const Sandbox& sandbox) {
  return run(sandbox, {"grep", "-q", "^00000000000000000000000000000001 ", "/proc/net/if_inet6"}).status == 0;
}

/// An address where somebody listens who takes no connection: the system makes it, and nobody says a word.
UniqueFd listen_at(const Address& address, int room = 100) {
  const SocketAddress where = look_up(address, "silent").front();
  UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(bind(listener.get(), reinterpret_cast<const sockaddr*>(&where.bytes), where.length) == 0);
  REQUIRE(listen(listener.get(), room) == 0);
  return listener;
}

/// An address where connections are neither taken nor refused: its queue is full.
class SilentPort {
 public:
  explicit SilentPort(const Address& address) : listener_(listen_at(address, 0)) {
    for (UniqueFd& fd : queue_) fd = start_connect_to(address);
  }

 private:
  UniqueFd listener_;
  UniqueFd queue_[3];
};

}  // namespace

/// The resolver gives 127.0.0.1 first (RFC 6724, rule 9), so the server is at the other one.
TEST_CASE("a name with several addresses: each is tried, whichever refuses, is silent or is somebody else's") {
  const Sandbox sandbox;
  const OwnNames names(sandbox, "127.0.0.1 several\n127.0.0.2 several\n");
  if (!names.usable()) return skip(no_names);
  Program server(sandbox, {binary("md2server"), "--listen=127.0.0.2:0"}, Program::Input::pipe);
  const std::string line = server.expect(", diary ");
  const std::string port = line.substr(line.find("127.0.0.2:") + 10, line.rfind(',') - line.find("127.0.0.2:") - 10);
  SUBCASE("refused") {}
  std::optional<SilentPort> silent;
  SUBCASE("silent") {
    silent.emplace(Address{"127.0.0.1", port});
  }
  std::optional<OtherProgram> other;
  SUBCASE("somebody else's") {
    other.emplace(sandbox, OtherProgram::Kind::http, Address{"127.0.0.1", port});
  }
  const Command write{binary("md2client"), "--server=several:" + port, "--key=" + sandbox.keys(), "write", "一"};
  const Result written = run(sandbox, names.with(write));
  CHECK(written.status == 0);
  CHECK(written.error == "");
  CHECK(wait_for_entries(sandbox, 1) == Rows{"一"});
}

/// At none of them is a server: `hung` answers with nothing, as one that was stopped does, `dead` not at all.
TEST_CASE("whatever the addresses of a name do, commands and prompts know in time that there is no way") {
  Sandbox sandbox;
  (void)ServerProgram(sandbox);
  const UniqueFd hung = listen_at({"127.0.0.2", "0"});
  const std::string port = bound_address(hung.get()).port;
  const UniqueFd also_hung = listen_at({"127.0.0.3", port});
  const SilentPort dead({"127.0.0.4", port});
  const OwnNames names(sandbox,
                       "127.0.0.2 dead\n127.0.0.4 dead\n127.0.0.2 refused\n127.0.0.5 refused\n"
                       "127.0.0.2 hung\n127.0.0.3 hung\n");
  if (!names.usable()) return skip(no_names);
  const auto client = [&](const std::string& host, const Command& more) {
    Command command{binary("md2client"), fmt::format("--server={}:{}", host, port), "--key=" + sandbox.keys(),
                    fmt::format("--outbox={}", sandbox.path(host))};
    command.insert(command.end(), more.begin(), more.end());
    return names.with(command);
  };
  const std::string silent = fmt::format("127.0.0.2:{}: what listens there said nothing within 5 s", port);
  Screen screen(sandbox, client("dead", {}), 24, 400);
  std::vector<Program> programs;
  for (const std::string host : {"dead", "refused", "hung"}) {
    for (const Command& more : {Command{"write", "一"}, Command{"read"}, Command{"announce", "一"}, Command{"import"}})
      programs.emplace_back(sandbox, client(host, more), Program::Input::pipe);
  }
  screen.wait_for("当下>>>");
  screen.enter("等");
  for (std::size_t i = 0; i < programs.size(); ++i) {
    CAPTURE(i);
    if (i % 4 == 3) programs[i].write("一\n\n二\n");
    programs[i].close_input();
    const bool writes = i % 4 == 0 || i % 4 == 3;
    CHECK(programs[i].wait() == (writes ? 75 : 1));
    if (!writes) {  // who writes may leave earlier
      const std::string& told = programs[i].error();
      const bool all_alike = i / 4 == 2;
      const std::size_t first = told.find(all_alike ? ": what listens there said nothing within 5 s" : silent);
      CHECK(first != std::string::npos);
      if (!all_alike) CHECK(told.find(i / 4 == 1 ? ":" + port + ": Connection refused" : ": no answer ") > first);
    }
    if (i % 4 == 3) CHECK(programs[i].output().starts_with("0 imported, 2 kept and not yet saved, 0 already "));
  }
  screen.wait_for("the server is not there: cannot connect to dead:" + port + ": " + silent);
  screen.wait_for("当下(1)>>>");
  screen.enter("quit");
  CHECK(screen.wait() == 75);
}

TEST_CASE("a name with IPv6 and IPv4: the server may be at one of them") {
  ServedDiary served;
  if (!has_ipv6(served.sandbox)) return skip("the loopback has no IPv6 here");
  const OwnNames names(served.sandbox, "::1 both\n127.0.0.1 both\n");
  if (!names.usable()) return skip(no_names);
  CHECK(run(served.sandbox, names.with(way_client(served, "both", {"write", "一"}))).status == 0);
}

TEST_CASE("a server listens on every address of a name that the machine has, with one port") {
  const Sandbox sandbox;
  const OwnNames names(sandbox, "127.0.0.2 several\n127.0.0.3 several\n192.0.2.1 several\n");
  if (!names.usable()) return skip(no_names);
  Program server(sandbox, names.with({binary("md2server"), "--listen=several:0"}), Program::Input::pipe);
  const std::string line = server.expect("\n");
  const std::size_t colon = line.find(" listening on several:") + std::string(" listening on several").size();
  REQUIRE(colon < line.size());
  const std::string port = line.substr(colon, line.find(',', colon) - colon);
  for (const std::string host : {"127.0.0.2", "127.0.0.3"}) {
    CAPTURE(host);
    const Command write{binary("md2client"), fmt::format("--server={}{}", host, port), "--key=" + sandbox.keys(),
                        "write", host};
    CHECK(run(sandbox, write).status == 0);
  }
  CHECK(wait_for_entries(sandbox, 2) == Rows{"127.0.0.2", "127.0.0.3"});
  server.signal(SIGTERM);
  CHECK(server.wait() == 0);
}

TEST_CASE("a name that DNS never answers for: nobody who leaves waits for it, and what is written is kept") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  Sandbox sandbox;
  const Sandbox keys;
  (void)ServerProgram(keys);
  sandbox.use(network);
  const OtherProgram dns(sandbox, OtherProgram::Kind::mute, {"127.0.0.1", "53"});
  const OwnNames names(sandbox, "127.0.0.1 localhost\n");
  if (!names.usable()) return skip(no_names);
  const Command client{binary("md2client"), "--server=diary.example:5000", "--key=" + keys.keys()};
  const auto kept = [&] { return read_files(sandbox.state() + "/outbox", ".outbox"); };
  const auto begin = std::chrono::steady_clock::now();
  const auto in_time = [&] { return std::chrono::steady_clock::now() - begin < 30s; };  // DNS gives up after a minute
  SUBCASE("write") {
    Command write = client;
    write.insert(write.end(), {"write", "等"});
    const Result written = run(sandbox, names.with(write));
    CHECK(written.status == 75);
    CHECK(written.error.find("no answer from DNS yet; 1 entry is kept in ") != std::string::npos);
    CHECK(kept().find("] 等\n") != std::string::npos);
  }
  SUBCASE("quit at a prompt, which shows how many wait") {
    Screen screen(sandbox, names.with(client));
    screen.wait_for("当下>>>");
    screen.enter("等");
    screen.wait_for("当下(1)>>>");
    screen.enter("quit");
    CHECK(screen.wait() == 75);
    CHECK(kept().find("] 等\n") != std::string::npos);
  }
  SUBCASE("Ctrl-C and Ctrl-D at a prompt") {
    Screen screen(sandbox, names.with(client));
    screen.wait_for("当下>>>");
    screen.control('C');
    screen.type("x");
    screen.wait_for("当下>>> x");
    screen.type("\x15\x04");
    CHECK(screen.wait() == 0);
  }
  CHECK(in_time());
}

TEST_CASE("what answers in the place of the server ends no prompt: it is told once, and the half line stays") {
  ServedDiary served;
  const Command prompt = served.client();
  Screen screen(served.sandbox, prompt, 24, 400);
  wait_for_prompt(screen);
  screen.type("半行");
  served.server.stop(SIGKILL);
  screen.wait_for("the server is gone: ");
  {
    const OtherProgram other(served.sandbox, OtherProgram::Kind::http, served.server.address());
    const Result read = run(served.sandbox, served.client({"read"}));
    CHECK(read.status == 1);
    CHECK(read.error.starts_with("md2client: the diary can't be read: "));
    screen.enter("，写完");  // a reason to try at once
    screen.wait_for("当下(1)>>>");
    screen.type("又半行");
    screen.wait_for_end({"当下(1)>>> 又半行"}, prompt_width + 3 + 6);
  }
  served.server.start();
  screen.enter("，也写完");
  screen.wait_for("the server is back");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"半行，写完", "又半行，也写完"});
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}

TEST_CASE("a program of another kind at the address when a prompt starts: it stands, and keeps what is written") {
  ServedDiary served;
  served.server.stop(SIGTERM);
  std::optional<OtherProgram> other;
  other.emplace(served.sandbox, OtherProgram::Kind::http, served.server.address());
  Screen screen(served.sandbox, served.client(), 24, 400);
  screen.wait_for("the server is not there: ");
  screen.enter("等");
  screen.wait_for("当下(1)>>>");
  other.reset();
  served.server.start();
  screen.enter("再等");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"等", "再等"});
}

TEST_CASE("who leaves a prompt waits for a server that hangs, but not for long, and what is not saved is kept") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client(), 24, 400);
  wait_for_prompt(screen);
  served.server.program().signal(SIGSTOP);
  screen.enter("等");
  screen.enter("quit");
  CHECK(screen.wait() == 75);
  CHECK(screen.text().find("not saved yet: it owes an answer and has said nothing for 2 s; 1 entry is kept in ") !=
        std::string::npos);
  CHECK(screen.text().find("goes out when it can be saved") == std::string::npos);  // the same in other words
  served.server.program().signal(SIGCONT);
}

TEST_CASE("a write that is told to leave while the server hangs says what is kept, and that it is") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    ServedDiary served;
    served.server.program().signal(SIGSTOP);
    Program write(served.sandbox, served.client({"write", "x"}));
    while (read_files(served.sandbox.state() + "/outbox", ".outbox").empty()) wait_until_waiting(write.pid());
    write.signal(signal);
    CHECK(write.wait() == 75);
    CHECK(write.error().find("1 entry is kept in") != std::string::npos);
  }
}

TEST_CASE("a key that is taken away while a prompt stands does not end it") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client(), 24, 400);
  wait_for_prompt(screen);
  screen.type("半行");
  const std::string key = served.key_file(served.sandbox);
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  served.server.stop(SIGTERM);
  screen.wait_for("the server is gone: ");
  served.server.start();
  screen.enter("，写完");
  screen.wait_for("chmod 600");
  screen.wait_for("当下(1)>>>");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  screen.enter("再写");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"半行，写完", "再写"});
}

TEST_CASE("a read that fails says so first, then why, then what is safe") {
  ServedDiary served;
  served.server.stop(SIGTERM);
  CHECK(run(served.sandbox, served.client({"write", "等"})).status == 75);
  served.server.start();
  const std::string key = served.key_file(served.sandbox);
  std::filesystem::create_directories(std::filesystem::path(key).parent_path());
  std::filesystem::copy_file(served.sandbox.keys(), key, std::filesystem::copy_options::skip_existing);
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  const Result read = run(served.sandbox, served.client({"read"}));
  CHECK(read.status == 1);
  const std::size_t newline = read.error.find('\n');
  CHECK(read.error.starts_with("md2client: the diary can't be read: "));
  CHECK(read.error.find("chmod 600") < newline);
  CHECK(read.error.substr(newline + 1).starts_with("md2client: 1 entry that an earlier md2client left was found in "));
  CHECK(std::count(read.error.begin(), read.error.end(), '\n') == 2);
}
