// The diary of this user on this machine: whose server is where, who starts it, who is at its port instead.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <regex>
#include <set>
#include <vector>

#include "common/os/paths.h"
#include "server/diary/identity.h"
#include "tests/support/files.h"
#include "tests/support/other_program.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

const Address usual{"127.0.0.1", "5000"};

Command local_client(const Command& more = {}) {
  Command command{binary("md2client")};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

/// A user on a machine of his own.
struct LocalServerFixture {
  PrivateNetwork network;
  Sandbox user;

  LocalServerFixture() { user.use(network); }

  std::string lock() const { return user.diary() + ".lock"; }

  Result write(const std::string& text) const { return run(user, local_client({"write", text})); }

  /// A server that somebody has started, and that says where it is.
  std::unique_ptr<Program> serve(const Sandbox& sandbox, const Command& more) const {
    Command command{binary("md2server")};
    command.insert(command.end(), more.begin(), more.end());
    auto server = std::make_unique<Program>(sandbox, command, Program::Input::pipe);
    server->expect("\n");
    return server;
  }

  void wait_until_no_server_is_left() const {
    for (const pid_t pid : user.processes("md2server")) {
      const UniqueFd process = watch_process(pid);
      if (process) REQUIRE(wait_readable(process.get(), Deadline()));
    }
  }
};

std::string told_of_new(const Sandbox& sandbox) {
  return fmt::format("md2client: a new diary was made: '{}'\n", sandbox.diary());
}

}  // namespace

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a fresh account: the server is at the usual port, works in / and says what it has to in a log") {
  if (!network.usable()) return skip(no_network);
  Screen screen(user, local_client(), 24, 400);
  screen.wait_for(fmt::format("a new diary was made: '{}'", user.diary()));
  screen.wait_for("I'm diary history");
  CHECK(read_file(lock()) == "127.0.0.1:5000\n");
  const auto servers = user.processes("md2server");
  REQUIRE(servers.size() == 1);
  const std::string process = fmt::format("/proc/{}/", servers.front());
  CHECK(fs::read_symlink(process + "cwd") == "/");
  CHECK(fs::read_symlink(process + "fd/2") == user.state() + "/server.log");
  CHECK(write("一").error == "");  // it is said once
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "the usual port is another program's: the diary is served at a free one, where all find it") {
  if (!network.usable()) return skip(no_network);
  const OtherProgram other(user, OtherProgram::Kind::http, usual);
  const Result first = write("一");
  CHECK(first.status == 0);
  CHECK(first.error == told_of_new(user));
  Screen screen(user, local_client());
  screen.wait_for("一");
  CHECK(read_file(lock()).starts_with("127.0.0.1:"));
  CHECK(read_file(lock()) != "127.0.0.1:5000\n");
  CHECK(write("二").status == 0);
  screen.wait_for("二");
  CHECK(user.processes("md2server").size() == 1);
}

/// Each sync of its first moments takes 1.2 s.
TEST_CASE_FIXTURE(LocalServerFixture,
                  "a server that is slow to come is waited for, whatever answers at the usual port meanwhile") {
  if (!network.usable()) return skip(no_network);
  const OtherProgram other(user, OtherProgram::Kind::http, usual);
  const Sandbox programs;
  const std::string beside_slow = programs.path("md2client");
  fs::copy_file(binary("md2client"), beside_slow);
  write_file(programs.path("md2server"),
             fmt::format("#!/bin/sh\n"
                         "ASAN_OPTIONS=detect_leaks=0 exec strace -D -f -qq -o /dev/null -e trace=fsync,fdatasync "
                         "-e inject=fsync,fdatasync:delay_enter=1200000:when=1..2 {} \"$@\"\n",
                         binary("md2server")));
  fs::permissions(programs.path("md2server"), fs::perms(0700));
  Program starts_it(user, {beside_slow, "write", "一"});
  for (const Deadline deadline; !fs::exists(lock());) {
    if (deadline.left() == 0) FAIL("no server came");
  }
  const Result looks_for_it = write("二");
  INFO(looks_for_it.error);
  CHECK(looks_for_it.status == 0);
  CHECK(starts_it.wait() == 0);
  const Rows entries = wait_for_entries(user, 2);
  CHECK(std::set<std::string>(entries.begin(), entries.end()) == std::set<std::string>{"一", "二"});
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "the usual port is another user's server: each has his own diary, and learns nothing of the other") {
  if (!network.usable()) return skip(no_network);
  Sandbox other;
  other.use(network);
  const auto server = serve(other, {});
  CHECK(write("一").status == 0);
  CHECK(run(other, local_client({"write", "二"})).status == 0);
  CHECK(wait_for_entries(user, 1) == Rows{"一"});
  CHECK(wait_for_entries(other, 1) == Rows{"二"});
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "what waits for one's own diary goes to no other, though that has the usual port") {
  if (!network.usable()) return skip(no_network);
  Sandbox other;
  other.use(network);
  const auto server = serve(other, {});
  fs::create_directories(user.diary());  // in its place, so that its server can't start
  CHECK(write("等").status == 75);
  const Result there = run(user, local_client({"-s", "127.0.0.1:5000", "-k", other.keys(), "write", "二"}));
  CHECK(there.status == 0);
  CHECK(there.error.find(fmt::format("1 entry waits for another diary ({})", user.diary())) != std::string::npos);
  fs::remove(user.diary());
  CHECK(write("三").status == 0);
  CHECK(wait_for_entries(other, 1) == Rows{"二"});
  CHECK(wait_for_entries(user, 2) == Rows{"等", "三"});
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a lock file that was left says nothing, whoever is at the address in it by now") {
  if (!network.usable()) return skip(no_network);
  CHECK(write("一").status == 0);
  wait_until_no_server_is_left();
  const std::string left = "127.0.0.1:5001\n";
  const Address there{"127.0.0.1", "5001"};
  Sandbox stranger;
  stranger.use(network);
  std::unique_ptr<Program> server;
  std::unique_ptr<OtherProgram> other;
  SUBCASE("nobody") {}
  SUBCASE("another program") {
    other = std::make_unique<OtherProgram>(user, OtherProgram::Kind::http, there);
  }
  SUBCASE("another user's diary") {
    server = serve(stranger, {"--listen=127.0.0.1:5001"});
  }
  SUBCASE("another diary of this user, with the same keys") {
    server = serve(user, {"--listen=127.0.0.1:5001", "--log=" + user.path("work.log"), "--keys=" + user.keys()});
  }
  write_file(lock(), left);
  CHECK(write("二").status == 0);
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
  if (server) CHECK(read_file(user.path("work.log")) == "");
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "an address that is another own diary's is not believed, though the lock is held") {
  if (!network.usable()) return skip(no_network);
  CHECK(write("一").status == 0);
  wait_until_no_server_is_left();
  const auto work = serve(user, {"--listen=127.0.0.1:5001", "--log=" + user.path("work.log"), "--keys=" + user.keys()});
  write_file(lock(), "127.0.0.1:5001\n");
  Program holder(user, {"flock", lock(), "sh", "-c", "echo; read line"}, Program::Input::pipe);
  holder.expect("\n");
  Program writer(user, local_client({"write", "二"}));
  Screen screen(user, local_client(), 24, 400);  // it has the time to be told, the other one finds the lock free
  screen.wait_for("当下>>>");
  holder.write("\n");
  CHECK(writer.wait() == 0);
  CHECK(read_file(user.path("work.log")) == "");
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a folder that was synced from another machine is served here as a diary of its own") {
  if (!network.usable()) return skip(no_network);
  CHECK(write("一").status == 0);
  wait_until_no_server_is_left();
  const auto note = parse_identity_note(read_file(user.diary() + ".id"));
  REQUIRE(note);
  IdentityNote elsewhere = *note;
  elsewhere.machine = std::string(32, 'a');
  write_file(user.diary() + ".id", to_string(elsewhere));
  write_file(lock(), "127.0.0.1:5000\n");
  const OtherProgram other(user, OtherProgram::Kind::http, usual);
  CHECK(write("二").status == 0);
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a link that is turned to another diary while the server runs: what is written then goes there") {
  if (!network.usable()) return skip(no_network);
  const std::string own = user.path("own.log");
  const std::string other = user.path("other.log");
  {
    const auto by_itself = serve(user, {"--log=" + other, "--keys=" + user.keys()});
    by_itself->signal(SIGTERM);
    CHECK(by_itself->wait() == 0);
  }
  REQUIRE(fs::exists(other + ".id"));
  write_file(own, "");
  fs::create_directories(fs::path(user.diary()).parent_path());
  fs::create_symlink(own, user.diary());
  CHECK(write("一").status == 0);
  REQUIRE(run(user, {"ln", "-sfn", other, user.diary()}).status == 0);
  const Result after = write("二");
  CHECK(after.status == 0);
  CHECK(after.error == "");
  CHECK(read_file(own).find("一") != std::string::npos);
  CHECK(read_file(other).find("二") != std::string::npos);
}

TEST_CASE_FIXTURE(LocalServerFixture, "the keys of a diary of --log are found wherever its name comes to lead") {
  if (!network.usable()) return skip(no_network);
  const std::string name = user.path("name.log");
  fs::create_directories(fs::path(user.keys()).parent_path());
  write_file(fs::path(user.keys()).parent_path() / "config", "[default]\ndiary = " + name + "\n");
  fs::create_symlink(user.path("first.log"), name);  // that is not there yet
  const auto server = serve(user, {"--log=" + name});
  CHECK(write("一").status == 0);
  const auto wait_for_keys_of = [&](const std::string& diary) {
    const std::string file = std::regex_replace(diary, std::regex("/"), "%2F") + ".keys";
    wait_for_file(fs::path(user.keys()).parent_path() / "diaries" / file,
                  [](const std::string& keys) { return !keys.empty(); });
  };
  REQUIRE(run(user, {"sed", "-i", "s/一/１/", name}).status == 0);
  wait_for_keys_of(name);  // as soon as the server has seen it
  CHECK(write("二").status == 0);
  REQUIRE(run(user, {"ln", "-sfn", user.path("third.log"), name}).status == 0);
  wait_for_keys_of(user.path("third.log"));
  CHECK(write("三").status == 0);
  CHECK(read_file(user.path("third.log")).find("三") != std::string::npos);
}

TEST_CASE_FIXTURE(LocalServerFixture, "fifty clients at once on a fresh account: one server, one key, no error") {
  if (!network.usable()) return skip(no_network);
  std::vector<std::unique_ptr<Program>> writers(50);
  for (auto& writer : writers) writer = std::make_unique<Program>(user, local_client({"write", "一"}));
  int told = 0;
  for (auto& writer : writers) {
    CHECK(writer->wait() == 0);
    if (!writer->error().empty()) CHECK(writer->error() == told_of_new(user));
    told += !writer->error().empty();
  }
  CHECK(told == 1);
  CHECK(wait_for_entries(user, 50).size() == 50);
  const std::string keys = read_file(user.keys());
  CHECK(std::count(keys.begin(), keys.end(), ':') == 1);
  CHECK(read_file(user.state() + "/server.log") == "");  // none that found the diary in use
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a server that somebody else's client started is killed: a prompt starts the next one") {
  if (!network.usable()) return skip(no_network);
  make_folders(folder_of(user.diary()));
  Program starter(user, local_client(), Program::Input::pipe);
  starter.write("一\n");
  CHECK(wait_for_entries(user, 1) == Rows{"一"});
  Screen screen(user, local_client(), 24, 400);
  screen.wait_for("一");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  starter.close_input();
  CHECK(starter.wait() == 0);
  const auto servers = user.processes("md2server");
  REQUIRE(servers.size() == 1);
  ::kill(servers.front(), SIGKILL);
  screen.wait_for("the server is back");
  CHECK(user.processes("md2server") != servers);
  screen.enter("二");
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
}

TEST_CASE_FIXTURE(LocalServerFixture, "clients that come while the server is just leaving start the next one") {
  if (!network.usable()) return skip(no_network);
  for (int i = 0; i < 30; ++i) {
    CAPTURE(i);
    const Result written = write(std::to_string(i));  // the one before was the last client
    REQUIRE(written.status == 0);
    REQUIRE(written.error == (i == 0 ? told_of_new(user) : ""));
  }
  CHECK(wait_for_entries(user, 30).size() == 30);
}

/// The one that leaves waits for a client that says nothing.
TEST_CASE_FIXTURE(LocalServerFixture,
                  "while a server leaves, another diary's may be at its port: a client is not refused by that one") {
  if (!network.usable()) return skip(no_network);
  Sandbox another_user;
  another_user.use(network);
  const auto server = serve(user, {});
  CHECK(write("一").status == 0);
  Program prompt(user, local_client(), Program::Input::pipe);
  prompt.write("二\n");
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
  prompt.signal(SIGSTOP);
  server->signal(SIGTERM);
  const std::string when_free = "while (: </dev/tcp/127.0.0.1/5000) 2>&-; do :; done; exec \"$0\"";
  Program other(another_user, {"bash", "-c", when_free, binary("md2server")}, Program::Input::pipe);
  other.expect("127.0.0.1:5000");
  const Result written = write("三");
  CHECK(written.error == "");
  CHECK(written.status == 0);
  CHECK(wait_for_entries(user, 3) == Rows{"一", "二", "三"});
  prompt.signal(SIGCONT);
}

/// One hangs after it has greeted, before a client comes, and before it listens.
TEST_CASE_FIXTURE(LocalServerFixture,
                  "a server that hangs is told after 10 s: the prompt shows how many wait, scripts end with 75") {
  if (!network.usable()) return skip(no_network);
  const Sandbox another_user;
  const std::string beside_another = another_user.path("md2client");
  fs::copy_file(binary("md2client"), beside_another);
  write_file(another_user.path("md2server"), "#!/bin/sh\nexec sleep 1000\n");
  fs::permissions(another_user.path("md2server"), fs::perms(0700));
  Program never_listens(another_user, {beside_another, "write", "一"});
  const auto server = serve(user, {});
  Screen screen(user, local_client(), 24, 400);
  screen.wait_for_end({"当下>>>"}, prompt_width);
  Program greeted(user, local_client(), Program::Input::pipe);
  greeted.write("一\n");
  CHECK(wait_for_entries(user, 1) == Rows{"一"});
  screen.wait_for("一");
  server->signal(SIGSTOP);
  screen.enter("二");
  screen.type("半行");
  greeted.write("三\n");
  greeted.close_input();
  Program comes_later(user, local_client({"write", "四"}));
  screen.wait_for("it owes an answer and has said nothing for 10 s");
  screen.wait_for_end({"当下(1)>>> 半行"}, prompt_width + 3 + 4);
  CHECK(greeted.wait() == 75);
  CHECK(greeted.error().find("it owes an answer and has said nothing for 10 s; ") != std::string::npos);
  CHECK(comes_later.wait() == 75);
  CHECK(comes_later.error().find("said nothing within 10 s; ") != std::string::npos);
  CHECK(never_listens.wait() == 75);
  CHECK(never_listens.error().find("its server was started and is not ready yet; 1 entry is kept") !=
        std::string::npos);
  server->signal(SIGCONT);
  screen.enter("，写完");
  Rows entries = wait_for_entries(user, 4);
  for (const char* const text : {"一", "二", "三", "半行，写完"}) {
    CAPTURE(text);
    CHECK(std::count(entries.begin(), entries.end(), text) == 1);
  }
  CHECK(write("五").status == 0);  // sends what was left
  entries = wait_for_entries(user, 6);
  CHECK(std::count(entries.begin(), entries.end(), "四") == 1);
}

TEST_CASE_FIXTURE(LocalServerFixture,
                  "a server that was told to end is not started again by a prompt that it said bye to") {
  if (!network.usable()) return skip(no_network);
  const auto server = serve(user, {});
  Screen screen(user, local_client(), 24, 400);
  screen.wait_for_end({"当下>>>"}, prompt_width);
  server->signal(SIGTERM);
  CHECK(server->wait() == 0);
  screen.wait_for("the server is gone: ");
  screen.enter("等");
  screen.wait_for("当下(1)>>>");
  CHECK(user.processes("md2server").empty());
  const auto again = serve(user, {});
  CHECK(wait_for_entries(user, 1) == Rows{"等"});
}
