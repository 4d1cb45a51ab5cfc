// md2server as a service: with sockets that a manager holds, told how it is, and logged by the journal.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/support/files.h"
#include "tests/support/served_diary.h"
#include "tests/support/service_manager.h"
#include "tests/support/skip.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

/// A service manager with a socket that stays its own, whatever becomes of the server.
struct ServiceFixture {
  Sandbox user;
  ServiceManager manager;
  UniqueFd socket = listen_on_loopback();
  std::string address = to_string(bound_address(socket.get()));

  ServiceFixture() {
    fcntl(socket.get(), F_SETFD, 0);
    user.set("NOTIFY_SOCKET", manager.address());
  }

  std::unique_ptr<Program> serve(const std::string& options = {}) const {
    const std::string script =
        fmt::format("exec 3<&{}; export LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=md2server.socket; exec '{}' {}",
                    socket.get(), binary("md2server"), options);
    return std::make_unique<Program>(user, Command{"bash", "-c", script});
  }

  Result client(const Command& more) const {
    Command command{binary("md2client")};
    command.insert(command.end(), more.begin(), more.end());
    return run(user, command);
  }

  /// One who names the server, with a key that there is already.
  Command write_there(const std::string& text) const {
    return {binary("md2client"), "-s", address, "-k", user.keys(), "write", text};
  }

  bool installed(const std::string& program) const {
    return run(user, {"sh", "-c", "command -v " + program}).status == 0;
  }
};

}  // namespace

TEST_CASE_FIXTURE(ServiceFixture,
                  "a server that is handed a socket serves there, says when it is ready and when it ends") {
  const auto server = serve();
  const std::string said = server->expect("\n");
  CHECK(said.ends_with(fmt::format(" listening on {}, diary {}\n", address, user.diary())));
  CHECK(manager.next() == "READY=1\nSTATUS=" + said);
  CHECK(manager.told_nothing());
  server->signal(SIGTERM);
  CHECK(manager.next() == "STOPPING=1");
  CHECK(server->wait() == 0);
  CHECK(server->error() == "");
}

TEST_CASE_FIXTURE(ServiceFixture, "a client beside a service that runs finds it, and starts no server of its own") {
  const auto server = serve();
  server->expect("\n");
  const Result written = client({"write", "一"});
  CHECK(written.status == 0);
  CHECK(written.error == "");
  CHECK(user.processes("md2server") == std::vector{server->pid()});
  CHECK(read_file(user.diary() + ".lock") == address + '\n');
  CHECK(wait_for_entries(user, 1) == Rows{"一"});
}

TEST_CASE_FIXTURE(ServiceFixture,
                  "a client that came before its server is served; when it has left, the socket stays") {
  REQUIRE(run(user, {binary("md2server"), "--new-key=laptop"}).status == 0);
  for (const std::string text : {"一", "二"}) {
    Program writer(user, write_there(text));
    pollfd waiting{socket.get(), POLLIN, 0};
    REQUIRE(poll(&waiting, 1, Deadline().left()) == 1);  // as systemd learns that somebody came
    const auto server = serve("--until-idle");
    CHECK(writer.wait() == 0);
    CHECK(server->wait() == 0);
    CHECK(manager.next().starts_with("READY=1\n"));
    CHECK(manager.next() == "STOPPING=1");
  }
  CHECK(wait_for_entries(user, 2) == Rows{"一", "二"});
}

TEST_CASE_FIXTURE(ServiceFixture, "--listen beside a socket that was handed over is not heeded, which the log says") {
  const auto server = serve("--listen=127.0.0.1:1");
  CHECK(server->expect("\n").find("listening on " + address + ",") != std::string::npos);
  server->expect_error("--listen is not heeded: the sockets that LISTEN_FDS speaks of stand in its place\n");
}

TEST_CASE_FIXTURE(ServiceFixture, "what is handed over and can't be listened at ends the server before it is ready") {
  const std::string script = fmt::format("LISTEN_FDS=1 LISTEN_PID=$$ exec '{}' 3</dev/null", binary("md2server"));
  const Result ended = run(user, {"sh", "-c", script});
  CHECK(ended.status == 1);
  CHECK(ended.output == "");
  CHECK(ended.error == "md2server: cannot serve: descriptor 3, of LISTEN_FDS, is no listening TCP socket\n");
  CHECK(manager.told_nothing());
}

TEST_CASE_FIXTURE(ServiceFixture,
                  "a server that a client has started does not speak for the service that the client is of") {
  const PrivateNetwork network;  // it takes the default port
  if (!network.usable()) return skip(no_network);
  user.use(network);
  CHECK(client({"write", "一"}).status == 0);
  for (const pid_t pid : user.processes("md2server")) {
    const UniqueFd process = watch_process(pid);
    if (process) REQUIRE(wait_readable(process.get(), Deadline()));
  }
  CHECK(manager.told_nothing());
}

TEST_CASE_FIXTURE(ServiceFixture, "the journal gets levels instead of dates; a stream in its place gets dates") {
  const std::string journal = user.path("journal");
  write_file(journal, "");
  fs::create_directories(fs::path(user.diary()).parent_path());
  write_file(user.diary(), "从前\n\n\xff");  // which the server says it left as it is
  const std::string stream = fmt::format("export JOURNAL_STREAM=$(stat -Lc %d:%i '{}')", journal);
  const auto to_journal = [&](const std::string& options) {
    const std::string script = fmt::format("{}; exec '{}' {} 2>>'{}'", stream, binary("md2server"), options, journal);
    return Command{"sh", "-c", script};
  };
  Program server(user, to_journal("--listen=127.0.0.1:0"));
  server.expect("\n");
  server.signal(SIGHUP);
  wait_for_file(journal, [](const std::string& text) { return text.ends_with("again\n"); });
  CHECK(run(user, to_journal("")).status == 1);  // the diary has a server
  const std::string diary = "'" + user.diary() + "'";
  CHECK(read_file(journal) == "<4>diary " + diary +
                                  " holds NUL bytes or broken UTF-8 near byte 8; it was left as it is\n"
                                  "<6>the keys were read again\n"
                                  "<3>md2server: diary " +
                                  diary + " is in use by another md2server\n");
  const std::string script = fmt::format("{}; exec '{}' --listen=127.0.0.1:0", stream, binary("md2server"));
  server.signal(SIGTERM);
  CHECK(server.wait() == 0);
  Program elsewhere(user, {"sh", "-c", script});
  elsewhere.expect("\n");
  elsewhere.signal(SIGHUP);
  CHECK(elsewhere.expect_error(" the keys were read again\n").find('<') == std::string::npos);
}

TEST_CASE_FIXTURE(ServiceFixture, "systemd hands its socket to the server when the first client comes") {
  if (!installed("systemd-socket-activate")) return skip("systemd-socket-activate is not installed");
  REQUIRE(run(user, {binary("md2server"), "--new-key=laptop"}).status == 0);
  const UniqueFd port = keep_a_port();
  address = to_string(bound_address(port.get()));
  Command systemd{"systemd-socket-activate", "--listen=" + address};
  for (const std::string name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "NOTIFY_SOCKET"})
    systemd.insert(systemd.end(), {"-E", name});
  systemd.push_back(binary("md2server"));
  Program service(user, systemd);
  service.expect_error("Listening on " + address);
  CHECK(run(user, write_there("一")).status == 0);
  const auto is_the_servers = [&](const std::string& said) {
    return said.find(" listening on " + address + ',') != std::string::npos;
  };
  const std::string said = manager.next();
  CHECK((is_the_servers(said) || is_the_servers(manager.next())));  // systemd 262 says before that it is ready itself
  CHECK(wait_for_entries(user, 1) == Rows{"一"});
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
}

TEST_CASE_FIXTURE(ServiceFixture, "systemd finds nothing to say about the units") {
  if (!installed("systemd-analyze")) return skip("systemd-analyze is not installed");
  std::string service = read_file("server/package/md2server.service");
  REQUIRE_MESSAGE(!service.empty(), "run the tests in the top folder of the repository");
  const std::string program = "@bindir@/md2server";
  REQUIRE(service.find(program) != std::string::npos);
  service.replace(service.find(program), program.size(), binary("md2server"));
  write_file(user.path("md2server.service"), service);
  write_file(user.path("md2server.socket"), read_file("server/package/md2server.socket"));
  const auto verify = [&] {
    return run(user, {"systemd-analyze", "verify", "--user", "--man=no", user.path("md2server.service"),
                      user.path("md2server.socket")});
  };
  const Result verified = verify();
  CHECK(verified.output + verified.error == "");
  CHECK(verified.status == 0);
  write_file(user.path("md2server.service"), service + "Nonsense=yes\n");
  CHECK(verify().error.find("Nonsense") != std::string::npos);
}
