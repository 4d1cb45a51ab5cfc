// Who gets in: holders of a key, with whatever speaks TLS, and nobody else.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/diary/entry_reader.h"
#include "common/os/paths.h"
#include "tests/e2e/recorder.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

int occurrences(std::string_view text, std::string_view what) {
  int count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

/// A line of a key file.
struct KeyLine {
  std::string identity;
  std::string hex;
};

KeyLine first_key(const Sandbox& sandbox) {
  const std::string text = read_file(sandbox.keys());
  const std::size_t colon = text.find(':');
  return {text.substr(0, colon), text.substr(colon + 1, 2 * Key::size)};
}

const std::string wrong_hex(2 * Key::size, '7');

Command openssl(const ServerProgram& server, const KeyLine& key, Command more = {}) {
  Command command{"openssl", "s_client",      "-tls1_3",    "-quiet",   "-psk",
                  key.hex,   "-psk_identity", key.identity, "-connect", server.address_text()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

Command gnutls(const ServerProgram& server, const KeyLine& key) {
  return {"gnutls-cli",
          "--priority",
          "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK",
          "--pskusername",
          key.identity,
          "--pskkey",
          key.hex,
          "-p",
          server.address().port,
          server.address().host};
}

/// A copy of the key file with another secret; its path.
std::string make_wrong_key(const Sandbox& sandbox, const std::string& name, const std::string& identity) {
  std::string path = sandbox.path(name);
  write_file(path, identity + ':' + wrong_hex + '\n');
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path;
}

/// Every way to ask a server for something in one command.
std::vector<Command> commands(const Sandbox& sandbox, const std::string& address, const Command& options) {
  write_file(sandbox.path("to_import"), "一段\n");
  std::vector<Command> all;
  for (const Command& words : {Command{"read"}, Command{"write", "不能丢"}, Command{"announce", "晚饭好了"},
                               Command{"import", sandbox.path("to_import")}}) {
    Command command{binary("md2client"), "--server=" + address};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), words.begin(), words.end());
    all.push_back(command);
  }
  return all;
}

/// Each command ends with the text on stderr; those that write with 75, since it is kept, the others with status 1 and
/// nothing else.
void check_commands_refused(const Sandbox& sandbox, const std::string& address, const Command& options,
                            const std::string& says) {
  for (const Command& command : commands(sandbox, address, options)) {
    CAPTURE(command.back());
    const Result result = run(sandbox, command);
    const bool writes = command.back() == "不能丢" || command.back() == sandbox.path("to_import");
    CHECK(result.status == (writes ? 75 : 1));
    if (!writes) CHECK(result.output == "");
    CHECK((result.error.find(" kept in ") != std::string::npos) == writes);
    CHECK(result.error.find("md2client: ") != std::string::npos);  // behind a word on what waits in the outbox
    CHECK_MESSAGE(result.error.find(says) != std::string::npos, result.error);
  }
}

/// A key of ours that does not fit also ends a prompt, before it stands.
void check_all_refused(const Sandbox& sandbox, const std::string& address, const Command& options,
                       const std::string& says) {
  check_commands_refused(sandbox, address, options, says);
  Command command{binary("md2client"), "--server=" + address};
  command.insert(command.end(), options.begin(), options.end());
  Screen screen(sandbox, command, 24, 300);
  screen.wait_for(says);
  CHECK(screen.wait() == 1);
  CHECK(sane(screen.modes()));
}

/// Whoever answers in the server's place ends no prompt.
void check_prompt_stays(const Sandbox& sandbox, const std::string& address, const std::string& says) {
  Screen screen(sandbox, {binary("md2client"), "--server=" + address}, 24, 400);
  screen.wait_for(says);
  screen.wait_for("当下(2)>>>");  // of the commands before
  screen.enter("也不能丢");
  screen.wait_for("当下(3)>>>");
  screen.enter("quit");
  CHECK(screen.wait() == 75);
}

/// A TLS server that is none of ours but has a certificate, as an impostor may have.
class Impostor {
 public:
  Impostor(const Sandbox& sandbox, const Command& more)
      : program_(sandbox, command(sandbox, more), Program::Input::pipe) {
    program_.expect("ACCEPT ");
    const std::string line = program_.expect("\n");
    const std::size_t address = line.rfind(' ') + 1;
    address_ = parse_address(line.substr(address, line.size() - address - 1));
  }

  const Address& address() const { return address_; }
  const Program& program() const { return program_; }

 private:
  static void make_certificate(const Sandbox& sandbox) {
    const Result made = run(sandbox, {"openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=diary",
                                      "-keyout", sandbox.path("key.pem"), "-out", sandbox.path("cert.pem")});
    if (made.status != 0) throw Failure("cannot make a certificate: " + made.error);
  }

  static Command command(const Sandbox& sandbox, const Command& more) {
    make_certificate(sandbox);
    Command all{"openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-tls1_3",
                "-key",
                sandbox.path("key.pem"),
                "-cert",
                sandbox.path("cert.pem")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  Program program_;
  Address address_;
};

}  // namespace

TEST_CASE("with the key, openssl and gnutls-cli can type hi and read the diary") {
  ServedDiary served;
  const std::string entry = served.write("八荣八耻");
  const KeyLine key = first_key(served.sandbox);
  for (const Command& command :
       {openssl(served.server, key), openssl(served.server, key, {"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}),
        gnutls(served.server, key)}) {
    CAPTURE(command[0]);
    Program stranger(served.sandbox, command, Program::Input::pipe);
    stranger.expect("md2 2 ");
    stranger.write("hi\n");
    stranger.expect(entry);
    stranger.expect("now ");
    stranger.write("quit\n");
    stranger.expect("bye ");
    stranger.wait();
  }
}

TEST_CASE("without the key nobody learns a word, and a wrong key can't be told from an unknown name") {
  ServedDiary served;
  served.write("八荣八耻");
  const KeyLine key = first_key(served.sandbox);
  const std::string address = served.server.address_text();
  std::vector<std::string> alerts;
  for (const Command& command :
       {openssl(served.server, {key.identity, wrong_hex}), openssl(served.server, {"nobody", key.hex}),
        openssl(served.server, {"nobody", wrong_hex}), Command{"openssl", "s_client", "-connect", address},
        Command{"openssl", "s_client", "-tls1_2", "-connect", address},
        Command{"openssl", "s_client", "-tls1_2", "-psk", key.hex, "-psk_identity", key.identity, "-cipher", "PSK",
                "-connect", address},
        gnutls(served.server, {key.identity, wrong_hex}), gnutls(served.server, {"nobody", key.hex}),
        Command{"gnutls-cli", "--insecure", "-p", served.server.address().port, "127.0.0.1"}}) {
    CAPTURE(command[0]);
    CAPTURE(command.size());
    const Result result = run(served.sandbox, command, "hi\nr\n?\n");
    CHECK(result.status != 0);
    for (const char* word : {"md2 2", "从前", "八荣八耻", "diary", "found"}) {
      CAPTURE(word);
      CHECK(result.output.find(word) == std::string::npos);
    }
    const std::size_t alert = result.error.find("alert number");
    alerts.push_back(alert == std::string::npos ? "" : result.error.substr(alert, 16));
  }
  CHECK(alerts[0] != "");
  CHECK(alerts[1] == alerts[0]);
  CHECK(alerts[2] == alerts[0]);
  served.server.program().expect_error("the key file");
  CHECK(served.server.program().error().find(key.hex) == std::string::npos);
}

TEST_CASE("a recording of a whole session holds no word of the diary") {
  ServedDiary served;
  served.write("八荣八耻");
  Recorder recorder(served.server.address());
  const Command client{binary("md2client"), "--server=" + recorder.address_text()};
  Screen screen(served.sandbox, client);
  wait_for_prompt(screen);
  screen.enter("今天把日记本搬到了网上");
  wait_for_file(served.sandbox.diary(),
                [](const std::string& diary) { return diary.find("网上") != std::string::npos; });
  served.announce("晚饭好了");
  screen.wait_for("晚饭好了");
  Command write = client;
  write.insert(write.end(), {"write", "plain English words"});
  CHECK(run(served.sandbox, write).status == 0);
  Command read = client;
  read.push_back("read");
  CHECK(run(served.sandbox, read).output == read_file(served.sandbox.diary()));
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  const std::string& recording = recorder.stop();
  const KeyLine key = first_key(served.sandbox);
  CHECK(recorder.connections() == 3);
  CHECK(recording.find(key.identity) != std::string::npos);  // travels in clear: all was recorded
  CHECK(recording.size() > 3 * read_file(served.sandbox.diary()).size());
  for (const std::string& word : {std::string("从前"), std::string("八荣"), std::string("今天"), std::string("网上"),
                                  std::string("晚饭"), std::string("plain"), std::string("English"),
                                  std::string("2015-10"), std::string("diary"), std::string("write"), key.hex}) {
    CAPTURE(word);
    CHECK(recording.find(word) == std::string::npos);
  }
}

TEST_CASE("an impostor with a certificate is told nothing: a command says so and ends, a prompt says so and stays") {
  const Sandbox sandbox;
  (void)ServerProgram(sandbox);  // makes the key
  const KeyLine key = first_key(sandbox);
  Impostor impostor(sandbox, {});
  const Recorder recorder(impostor.address());
  const std::string says = fmt::format("does not have the key '{}'", key.identity);
  check_commands_refused(sandbox, recorder.address_text(), {}, says);
  check_prompt_stays(sandbox, recorder.address_text(), says);
  CHECK(impostor.program().output().find("不能丢") == std::string::npos);
}

TEST_CASE("an impostor with a certificate and a key of his own under the same name is told nothing") {
  const Sandbox sandbox;
  (void)ServerProgram(sandbox);
  const KeyLine key = first_key(sandbox);
  Impostor impostor(sandbox, {"-psk", wrong_hex, "-psk_identity", key.identity});
  const Recorder recorder(impostor.address());
  check_all_refused(sandbox, recorder.address_text(), {}, fmt::format("the key '{}'", key.identity));
  CHECK(recorder.connections() == 5);
}

TEST_CASE("a client with a wrong key, and a server that has another key of that name: a clear message and status 1") {
  ServedDiary served;
  const std::string identity = first_key(served.sandbox).identity;
  const Recorder recorder(served.server.address());
  for (const std::string& name : {identity, std::string("nobody")}) {
    CAPTURE(name);
    const std::string path = make_wrong_key(served.sandbox, "wrong-" + name, name);
    check_all_refused(served.sandbox, recorder.address_text(), {"--key=" + path},
                      fmt::format("the server does not take the key '{}'", name));
  }
  CHECK(recorder.connections() == 10);
  CHECK(read_file(served.sandbox.diary()) == first_line);
}

TEST_CASE("a client without a key: it says which line to copy, and where") {
  ServedDiary served;
  const Sandbox elsewhere;
  check_all_refused(elsewhere, served.server.address_text(), {}, "md2server --new-key=NAME");
  const Result result = run(elsewhere, commands(elsewhere, served.server.address_text(), {})[0]);
  CHECK(result.error.find(served.key_file(elsewhere)) != std::string::npos);
  CHECK(result.error.find(served.server.address_text()) != std::string::npos);
}

TEST_CASE("a key file that others can open: the client does not use it and says how to close it") {
  ServedDiary served;
  REQUIRE(chmod(served.sandbox.keys().c_str(), 0644) == 0);
  check_all_refused(served.sandbox, served.server.address_text(), {}, "chmod 600");
}

TEST_CASE("an entry that was written with a wrong key is kept, and the message says where") {
  ServedDiary served;
  const std::string path = make_wrong_key(served.sandbox, "wrong", "nobody");
  Command command = served.client({"--key=" + path, "write", "不能丢"});
  const Result refused = run(served.sandbox, command);
  CHECK(refused.status == 75);
  CHECK(refused.error.find(served.sandbox.state()) != std::string::npos);
  CHECK(run(served.sandbox, served.client({"write", "也不能丢"})).status == 0);
  const std::string diary = read_file(served.sandbox.diary());
  CHECK(diary.find("] 不能丢\n") != std::string::npos);
  CHECK(diary.find("] 也不能丢\n") != std::string::npos);
}

TEST_CASE("--new-key prints the line that it adds, and refuses a name that exists") {
  const Sandbox sandbox;
  const Command command{binary("md2server"), "--new-key=tablet"};
  const Result made = run(sandbox, command);
  CHECK(made.status == 0);
  const std::string& line = made.output;
  CHECK(line.starts_with("tablet:"));
  CHECK(line.find('\n') + 1 == line.size());
  CHECK(made.error.find(sandbox.keys()) != std::string::npos);
  const std::string file = read_file(sandbox.keys());
  CHECK(file.ends_with(line));
  struct stat status = {};
  REQUIRE(stat(sandbox.keys().c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const Result again = run(sandbox, command);
  CHECK(again.status == 1);
  CHECK(again.output == "");
  CHECK(again.error.find("'tablet'") != std::string::npos);
  CHECK(read_file(sandbox.keys()) == file);
}

TEST_CASE("SIGHUP: a new key lets its device in; a deleted one ends its sessions with bye, and the others stay") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  const std::string before = read_file(sandbox.keys());
  run(sandbox, {binary("md2server"), "--new-key=tablet"});
  server.program().signal(SIGHUP);
  server.program().expect_error("read again");
  ClientTlsContext tablet(read_keys(sandbox.keys()).value().at(1));
  WireClient lost(server, tablet);
  WireClient owner(server);
  write_file(sandbox.keys(), before);
  server.program().signal(SIGHUP);
  CHECK(lost.expect(Verb::bye).text.find("key") != std::string::npos);
  lost.expect_end();
  owner.send(Verb::ask);
  owner.expect(Verb::help);
  WireClient again(server, tablet, WireClient::Greeting::leave);
  again.expect_end();
  CHECK_FALSE(again.take());
  const std::string log = server.program().expect_error("'tablet' is not in the key file");
  CHECK(log.find(first_key(sandbox).hex) == std::string::npos);
}

TEST_CASE("a key that only writes lets a device contribute, which reads nothing") {
  ServedDiary served;
  const Result made = run(served.sandbox, {binary("md2server"), "--new-key=phone", "--write-only"});
  CHECK(made.output.starts_with("phone+write:"));
  CHECK(made.error.find("This key writes entries; it reads and corrects none.") != std::string::npos);
  served.server.program().signal(SIGHUP);
  served.server.program().expect_error("read again");
  const Sandbox phone;
  write_file(phone.path("key"), made.output);
  chmod(phone.path("key").c_str(), 0600);
  const auto client = [&](const Command& more) {
    Command command{binary("md2client"), "-s", served.server.address_text(), "-k", phone.path("key")};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  };
  CHECK(run(phone, client({"write", "路上"})).status == 0);
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"路上"});
  const Result read = run(phone, client({"read"}));
  CHECK(read.status == 1);
  CHECK(read.output == "");
  CHECK(read.error == "md2client: the key 'phone+write' only writes\n");
  CHECK(run(phone, client({"announce", "hello"})).error ==
        "md2client: not announced: the key 'phone+write' only writes\n");
  write_file(phone.path("paragraphs"), "一段\n");
  CHECK(run(phone, client({"import", phone.path("paragraphs")})).status == 1);

  Screen screen(phone, client({}), 24, 100);
  screen.wait_for("the key 'phone+write' only writes: what is in the diary is not shown");
  screen.enter("家里");
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"路上", "家里"});
  int told = 0;
  for (const char* const question : {"hi", "/路上", "/tags", "/edit 路上", "/delete 路上"}) {
    CAPTURE(question);
    screen.enter(question);
    ++told;
    screen.wait_for([&] { return occurrences(screen.text(), "the diary can't be read: the key") == told; }, "why not");
  }
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}
