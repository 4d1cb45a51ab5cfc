// Which diary an entry is for, and which key: two diaries at one address, one diary at two addresses, copies, programs
// of another protocol.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <filesystem>
#include <future>
#include <optional>
#include <utility>

#include "common/diary/entry_reader.h"
#include "common/net/keys.h"
#include "common/net/stream.h"
#include "server/diary/identity.h"
#include "tests/support/files.h"
#include "tests/support/messages.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

Texts texts_in_file(const std::string& file) {
  Texts texts;
  EntryReader reader;
  reader.feed(read_file(file));
  reader.finish();
  while (const auto item = reader.next()) {
    if (item->time) texts.push_back(item->text());
  }
  return texts;
}

/// A diary at an address that others have before and after it. Killed at the end.
class Served {
 public:
  Served(const Sandbox& sandbox, const std::string& address, const Command& more = {}) {
    Command command{binary("md2server"), "--listen=" + address};
    command.insert(command.end(), more.begin(), more.end());
    program_.emplace(sandbox, command, Program::Input::pipe);
    const std::string line = program_->expect("\n");
    const std::size_t end = line.find(", diary ");
    const std::size_t colon = line.rfind(':', end);
    address_ = address.substr(0, address.find(':')) + line.substr(colon, end - colon);
  }

  const std::string& address() const { return address_; }

 private:
  std::optional<Program> program_;
  std::string address_;  ///< as it was called, with the port that it got
};

std::string identity_of(const std::string& diary) {
  const auto note = parse_identity_note(read_file(diary + ".id"));
  REQUIRE(note);
  return note->id;
}

Result run_client(const Sandbox& sandbox, const std::string& address, const Command& more) {
  Command command{binary("md2client"), "--server=" + address};
  command.insert(command.end(), more.begin(), more.end());
  return run(sandbox, command);
}

/// Two diaries, each with keys of its own, and somebody who has both keys and one address.
struct TwoDiaries {
  Sandbox one;
  Sandbox two;
  Sandbox user;
  std::string address = Served(one, "127.0.0.1:0").address();

  TwoDiaries() { Served(two, "127.0.0.1:0"); }

  Result write(const Sandbox& diary, const std::string& text) const {
    return run_client(user, address, {"--key=" + diary.keys(), "write", text});
  }
};

std::string outboxes(const Sandbox& sandbox) {
  return read_files(sandbox.state() + "/outbox", ".outbox");
}

std::string only_outbox(const Sandbox& sandbox) {
  std::string path;
  for (const auto& file : fs::directory_iterator(sandbox.state() + "/outbox")) {
    if (file.path().extension() != ".outbox") continue;
    REQUIRE(path.empty());
    path = file.path();
  }
  REQUIRE_FALSE(path.empty());
  return path;
}

}  // namespace

TEST_CASE("two diaries in turn at one address: what was kept offline for the first never goes to the second") {
  const TwoDiaries world;
  {
    const Served first(world.one, world.address);
    CHECK(world.write(world.one, "一").status == 0);
  }
  CHECK(world.write(world.one, "等一").status == 75);
  {
    const Served second(world.two, world.address);
    const Result written = world.write(world.two, "二");
    CHECK(written.status == 0);
    CHECK(written.error.find("1 entry waits for another diary (diary " + identity_of(world.one.diary()).substr(0, 8)) !=
          std::string::npos);
    CHECK(texts_in_file(world.two.diary()) == Texts{"二"});
  }
  {
    const Served first(world.one, world.address);
    CHECK(world.write(world.one, "又一").status == 0);
  }
  CHECK(texts_in_file(world.one.diary()) == Texts{"一", "等一", "又一"});
  CHECK(texts_in_file(world.two.diary()) == Texts{"二"});
  CHECK(outboxes(world.user) == "");
}

TEST_CASE("a prompt stays with its first diary: another one at its address counts as offline, and is told once") {
  const TwoDiaries world;
  const Command prompt{binary("md2client"), "--server=" + world.address, "--key=" + world.one.keys()};
  std::optional<Screen> screen;
  {
    const Served first(world.one, world.address);
    screen.emplace(world.user, prompt, 24, 400);
    screen->wait_for("diary history");
  }
  screen->wait_for("the server is gone");
  {
    const Served second(world.two, world.address, {"--keys=" + world.one.keys()});
    // Whoever asks makes the link try again at once.
    screen->enter("等");
    screen->wait_for("the server is gone: another diary answers at " + world.address);
    screen->wait_for("(1)>>>");
    CHECK(run_client(world.user, world.address, {"--key=" + world.one.keys(), "read"}).status == 0);
  }
  const Served first(world.one, world.address);
  screen->enter("再等");
  screen->wait_for("the server is back");
  screen->enter("quit");
  CHECK(screen->wait() == 0);
  CHECK(texts_in_file(world.one.diary()) == Texts{"等", "再等"});
  CHECK(texts_in_file(world.two.diary()).empty());
}

TEST_CASE("what waits for one address is told at another in a line, and import sends it there instead") {
  Sandbox user;
  const std::string nobody = Served(user, "127.0.0.1:0").address();
  CHECK(run_client(user, nobody, {"write", "等"}).status == 75);
  ServedDiary served;
  const Command with_key{"--key=" + served.sandbox.keys()};
  const auto there = [&](Command more) {
    more.insert(more.begin(), with_key[0]);
    return run_client(user, served.server.address_text(), more);
  };
  const std::string path = only_outbox(user);
  const Result read = there({"read"});
  CHECK(read.status == 0);
  CHECK(
      read.error ==
      fmt::format(
          "md2client: 1 entry waits for another diary ({}) and goes out when md2client reaches "
          "it; to send it to this one instead: md2client -s {} import FILE, to give it up remove FILE, which is '{}'\n",
          nobody, served.server.address_text(), path));
  const Result imported = there({"import", path});
  CHECK(imported.status == 0);
  CHECK(imported.output == "1 of 1 entries of the outbox are in the diary, 0 refused\n");
  CHECK(imported.error == "");
  CHECK(texts_in_file(served.sandbox.diary()) == Texts{"等"});
  CHECK(outboxes(user) == "");
  CHECK(there({"read"}).error == "");
  const Result again = there({"import", path});
  CHECK(again.status == 1);
  CHECK(texts_in_file(served.sandbox.diary()) == Texts{"等"});
}

TEST_CASE("import leaves an outbox as it is when no server answers, and one that a client holds") {
  Sandbox user;
  const std::string nobody = Served(user, "127.0.0.1:0").address();
  CHECK(run_client(user, nobody, {"write", "等"}).status == 75);
  const std::string path = only_outbox(user);
  const Result offline = run_client(user, "127.0.0.1:1", {"--key=" + user.keys(), "import", path});
  CHECK(offline.status == 75);
  CHECK(offline.error.starts_with("md2client: nothing was imported, and '" + path + "' is as it was: "));
  CHECK(only_outbox(user) == path);
  Program holder(user, {"flock", path, "cat"}, Program::Input::pipe);
  holder.write("x");
  holder.expect("x");
  const Result held = run_client(user, "127.0.0.1:1", {"import", path});
  CHECK(held.status == 1);
  CHECK(held.error.find("that of an md2client that runs") != std::string::npos);
}

TEST_CASE("localhost and LOCALHOST are one address, also to an outbox of an older client") {
  Sandbox user;
  const std::string address = Served(user, "localhost:0").address();
  const std::string port = address.substr(address.find(':'));
  const Result kept = run_client(user, "localhost" + port, {"write", "一"});
  INFO(kept.error);
  CHECK(kept.status == 75);
  fs::rename(only_outbox(user),
             user.state() + "/outbox/LocalHost_" + port.substr(1) + "@20151028T132603.417293-1.outbox");
  const Served served(user, address);
  const Result read = run_client(user, "LOCALHOST" + port, {"write", "二"});
  CHECK(read.status == 0);
  CHECK(texts_in_file(user.diary()) == Texts{"一", "二"});
}

TEST_CASE("a copied, a moved and a restored folder have identities of their own; a save of the owner's changes none") {
  const Sandbox sandbox;
  const auto log = [&](const std::string& folder) { return Command{"--log=" + sandbox.path(folder + "/d.log")}; };
  const auto serve = [&](const std::string& folder) {
    const Served served(sandbox, "127.0.0.1:0", log(folder));
    return identity_of(sandbox.path(folder + "/d.log"));
  };
  fs::create_directory(sandbox.path("home/a"));
  const std::string first = serve("home/a");
  append_by_hand(sandbox.path("home/a/d.log"), "by hand\n");
  CHECK(run(sandbox, {"sed", "-i", "s/hand/mouth/", sandbox.path("home/a/d.log")}).status == 0);
  CHECK(serve("home/a") == first);
  for (const Command& copy : {Command{"cp", "-a"}, Command{"cp", "-r"}}) {
    CAPTURE(copy[1]);
    Command command = copy;
    const std::string to = "home/copy" + copy[1];
    command.insert(command.end(), {sandbox.path("home/a"), sandbox.path(to)});
    REQUIRE(run(sandbox, command).status == 0);
    CHECK(serve(to) != first);
    CHECK(parse_identity_note(read_file(sandbox.path(to + "/d.log.id")))->formerly == Texts{first});
  }
  // As rsync writes: a new file that takes the name.
  REQUIRE(run(sandbox, {"sh", "-c", "cd home/copy-a && cp ../a/d.log.id x && mv x d.log.id"}).status == 0);
  CHECK(serve("home/copy-a") != first);
  REQUIRE(run(sandbox, {"mv", sandbox.path("home/a"), sandbox.path("home/b")}).status == 0);
  CHECK(serve("home/b") != first);
}

TEST_CASE("a diary of its own has keys of its own, which open no other, and --new-key says which file") {
  const Sandbox sandbox;
  const Served standard(sandbox, "127.0.0.1:0");
  const std::string log = "--log=" + sandbox.path("home/work.log");
  const Served work(sandbox, "127.0.0.1:0", {log});
  CHECK(run_client(sandbox, standard.address(), {"read"}).status == 0);
  const Result refused = run_client(sandbox, work.address(), {"read"});
  CHECK(refused.status == 1);
  const std::string name = "/servers/127.0.0.1_" + work.address().substr(work.address().find(':') + 1);
  CHECK(refused.error.find(sandbox.path("config/md2") + name) != std::string::npos);
  const Result made = run(sandbox, {binary("md2server"), log, "--new-key=tablet"});
  CHECK(made.status == 0);
  CHECK(made.error.find("work.log.keys. Copy it into ~/.config/md2/servers/HOST_PORT") != std::string::npos);
  CHECK(read_file(sandbox.keys()).find("tablet") == std::string::npos);
}

TEST_CASE("a client that has one key file for all servers goes on working, and from then on offers each its own key") {
  const Sandbox one;
  Sandbox user;
  const Served served(one, "127.0.0.1:0");
  fs::create_directories(user.path("config/md2"));
  write_file(user.keys(), "stranger:" + std::string(64, 'a') + "\n" + read_file(one.keys()));
  REQUIRE(run(user, {"chmod", "600", user.keys()}).status == 0);
  CHECK(run_client(user, served.address(), {"write", "一"}).status == 0);
  const std::string own = user.path("config/md2/servers/127.0.0.1_") + served.address().substr(10);
  CHECK(read_file(own) == read_file(one.keys()));
  write_file(user.keys(), "");
  CHECK(run_client(user, served.address(), {"write", "二"}).status == 0);
  CHECK(texts_in_file(one.diary()) == Texts{"一", "二"});
}

namespace {

/// openssl(1) in the place of a server of another protocol, which leaves after its first client.
Command scripted_server(const Sandbox& sandbox, const std::string& address) {
  const std::string line = read_file(sandbox.keys());
  const std::size_t colon = line.find(':');
  return {"openssl",
          "s_server",
          "-quiet",
          "-tls1_3",
          "-nocert",
          "-accept",
          address,
          "-psk_identity",
          line.substr(0, colon),
          "-psk",
          line.substr(colon + 1, 64),
          "-naccept",
          "1"};
}

}  // namespace

namespace {

/// A server that greets its one client with these words, and waits until that has left.
class ScriptedServer {
 public:
  /// `answer`: to the first entry that is written.
  ScriptedServer(const Sandbox& sandbox, const std::string& greeting, const std::string& answer = {})
      : tls_(read_or_make_keys(sandbox.keys())),
        listener_(listen_on_loopback()),
        address_(to_string(bound_address(listener_.get()))),
        served_(std::async(std::launch::async, [this, greeting, answer] { serve(greeting, answer); })) {}

  const std::string& address() const { return address_; }
  void wait_for_end() { served_.get(); }

 private:
  void serve(const std::string& greeting, std::string answer) {
    const Deadline deadline;
    if (!wait_readable(listener_.get(), deadline)) throw Failure("nobody came");
    Stream stream(UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)), Channel(tls_));
    stream.write(greeting);
    for (std::string said; !stream.ended(); stream.flush()) {
      if (!wait_readable(stream.socket(), deadline)) throw Failure("the client stays");
      stream.receive(said);
      if (said.find("write ") != std::string::npos) stream.write(std::exchange(answer, {}));
    }
  }

  ServerTlsContext tls_;
  UniqueFd listener_;
  std::string address_;
  std::future<void> served_;
};

}  // namespace

TEST_CASE("a server of another protocol: one sentence says which side to update, and what is written is kept") {
  for (const bool older : {true, false}) {
    CAPTURE(older);
    Sandbox user;
    ScriptedServer server(user, older ? "md2 1 26.11.22.1530 0\n" : "md2 3 30.01.01.0000 what may come\n");
    const Result written = run_client(user, server.address(), {"--key=" + user.keys(), "write", "等"});
    server.wait_for_end();
    CHECK(written.status == 75);
    CHECK(written.error.find(older ? "speaks protocol 1, this md2client" : "speaks protocol 3, this md2client") !=
          std::string::npos);
    CHECK(written.error.find(older ? ": update md2server" : ": update md2client") != std::string::npos);
    CHECK(outboxes(user).find("等") != std::string::npos);
  }
}

TEST_CASE("whatever a server gives as its reason is shown, not obeyed") {
  for (const Verb verb : {Verb::bye, Verb::failed}) {
    CAPTURE(static_cast<int>(verb));
    Sandbox user;
    const std::string reason = "\x1b]0;mine\x07\u202e\u2028gone";
    ScriptedServer server(user, greeting_message(0), message(verb, 0, reason));
    const Result written = run_client(user, server.address(), {"--key=" + user.keys(), "write", "等"});
    server.wait_for_end();
    CHECK(written.status == 75);
    CHECK(written.error.find("^[]0;mine^G\\u202e\\u2028gone") != std::string::npos);
    CHECK(written.error.find_first_of("\x1b\x07") == std::string::npos);
    CHECK(written.error.find("\u202e") == std::string::npos);
  }
}

TEST_CASE("an old server that a client had started makes way for a new one as soon as it is idle") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  Sandbox sandbox;
  sandbox.use(network);
  REQUIRE(run(sandbox, {binary("md2server"), "--new-key=tablet"}).status == 0);
  Command old{"flock", sandbox.diary() + ".lock"};
  const Command script = scripted_server(sandbox, "127.0.0.1:5000");
  old.insert(old.end(), script.begin(), script.end());
  Program server(sandbox, old, Program::Input::pipe);
  server.write("md2 1 26.11.22.1530 0\n");
  const Result probe = run(sandbox, {"sh", "-c", "while ! grep -q :1388.*0A /proc/net/tcp*; do :; done"});
  REQUIRE(probe.status == 0);
  const Result written = run(sandbox, {binary("md2client"), "write", "新"});
  CHECK(written.status == 0);
  CHECK(written.error == fmt::format("md2client: a new diary was made: '{}'\n", sandbox.diary()));
  CHECK(texts_in_file(sandbox.diary()) == Texts{"新"});
  CHECK(server.wait() == 0);
}
