// The wire protocol, row by row of its table, with a real server.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include "common/os/paths.h"
#include "common/os/version.h"
#include "server/diary/identity.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/wire_client.h"

using namespace md2;
using namespace md2::test;

namespace {

std::uint64_t write(WireClient& wire, const std::string& encoded, std::uint64_t since = 0) {
  wire.send(Verb::write, since, encoded);
  return wire.expect(Verb::saved).number;
}

/// The bytes of all `diary` pieces up to `now`; they must follow one another from `offset` on.
std::string follow(WireClient& wire, std::uint64_t offset = 0) {
  wire.send(Verb::hi, offset);
  std::string text;
  for (;;) {
    const Message message = wire.next();
    if (message.verb == Verb::now) {
      CHECK(message.number == offset + text.size());
      return text;
    }
    REQUIRE(message.verb == Verb::diary);
    CHECK(message.number == offset + text.size());
    text += message.text;
  }
}

/// The bytes and the count that `r` answers.
std::pair<std::string, std::uint64_t> ask(WireClient& wire, const std::string& query = {}) {
  wire.send(Verb::r, 0, query);
  std::string text;
  for (;;) {
    const Message message = wire.next();
    if (message.verb == Verb::end) return {text, message.number};
    REQUIRE(message.verb == Verb::found);
    text += message.text;
  }
}

}  // namespace

TEST_CASE("the first line names version, address and diary, the greeting version, the diary's end and which it is") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  CHECK(server.first_line() ==
        fmt::format("md2server {} listening on {}, diary {}", version(), server.address_text(), sandbox.diary()));
  WireClient wire(server);
  const auto note = parse_identity_note(read_file(sandbox.diary() + ".id"));
  REQUIRE(note);
  CHECK(wire.greeting() == Message{Verb::greeting, 0, std::string(version()), 0, note->id});
  const std::string bytes = entry(1);
  write(wire, bytes);
  CHECK(WireClient(server).greeting().number == bytes.size());
}

TEST_CASE("write: saved at its offset, and the file holds exactly the entries") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  const std::string first = entry(1);
  const std::string second = entry(2, "第一行\n[第二行\n\n第四行");
  CHECK(write(wire, first) == 0);
  CHECK(write(wire, second) == first.size());
  CHECK(read_file(sandbox.diary()) == first + second);
}

TEST_CASE("write: the same entry again is saved where it stands, and once") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  const std::string first = entry(1);
  const std::string second = entry(2);
  write(wire, first);
  const std::uint64_t at = write(wire, second);
  CHECK(write(wire, first) == 0);
  CHECK(write(wire, second) == at);
  CHECK(write(wire, second, at) == at);
  WireClient other(server);
  CHECK(write(other, second) == at);
  CHECK(read_file(sandbox.diary()) == first + second);
}

TEST_CASE("write: the same entry many times in one turn is saved once, in an empty diary as well") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  for (int number = 0; number < 2; ++number) {
    std::string requests;
    for (int i = 0; i < 5; ++i) append_message(requests, Verb::write, 0, entry(number));
    wire.send_raw(requests);
    for (int i = 0; i < 5; ++i) CHECK(wire.expect(Verb::saved).number == (number == 0 ? 0 : entry(0).size()));
  }
  CHECK(read_file(sandbox.diary()) == entry(0) + entry(1));
}

TEST_CASE("write: an entry that can never be taken is refused with the reason, and the connection goes on") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  const std::string good = entry(1);
  const std::string header = good.substr(0, header_length);
  for (const std::string& bad :
       {std::string(), std::string("今天\n\n"), header + "\n\n", header + "a\n", header + "a\n\nb\n\n",
        header + "a\x1b[2J\n\n", header + "\xff\n\n", good + good, header + std::string(max_text + 1, 'a') + "\n\n"}) {
    CAPTURE(bad.substr(0, 60));
    wire.send(Verb::write, 0, bad);
    CHECK(wire.expect(Verb::refused).text != "");
  }
  CHECK(read_file(sandbox.diary()) == "");
  CHECK(write(wire, good) == 0);
}

TEST_CASE("write: an entry of 1 MiB is saved and read back, whatever its lines") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  std::string empty_lines(max_text, '\n');
  empty_lines.front() = empty_lines.back() = 'a';
  const std::string bytes = entry(1, std::string(max_text, 'a')) + entry(2, empty_lines);
  write(wire, entry(1, std::string(max_text, 'a')));
  write(wire, entry(2, empty_lines));
  CHECK((read_file(sandbox.diary()) == bytes));
  CHECK((follow(wire) == bytes));
}

TEST_CASE("hi: the diary from any offset on, and nothing beyond its end") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    write(wire, entry(i));
    bytes += entry(i);
  }
  for (std::size_t offset = 0; offset <= bytes.size(); offset += 97) {
    CAPTURE(offset);
    CHECK(follow(wire, offset) == bytes.substr(offset));
  }
  CHECK(follow(wire, bytes.size()) == "");
  // An offset of another life of the file is refused.
  wire.send(Verb::hi, bytes.size() + 1000);
  CHECK(wire.expect(Verb::changed).number == bytes.size());
  wire.send_raw("hi\n");
  CHECK(wire.expect(Verb::diary).text == bytes);
}

TEST_CASE("hi: with a check of the bytes before it, an offset goes on only where the diary is the same") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  write(wire, entry(0));
  write(wire, entry(1));
  const std::size_t size = entry(0).size();
  wire.send_raw(fmt::format("hi {} {}\n", size, check_before(entry(0))));
  CHECK(wire.expect(Verb::diary).text == entry(1));
  wire.expect(Verb::now);
  wire.send_raw(fmt::format("hi {} {}\n", size, check_before(entry(0)) ^ 1));
  CHECK(wire.expect(Verb::changed).number == 2 * size);
  wire.send_raw(fmt::format("hi {} {}\n", 2 * size, check_before(entry(1))));
  CHECK(wire.expect(Verb::now).number == 2 * size);
}

TEST_CASE("hi: whoever follows gets every new entry, its own as well, in the order of the file") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient reader(server);
  WireClient writer(server);
  follow(reader);
  follow(writer);
  std::uint64_t offset = 0;
  for (int i = 0; i < 20; ++i) {
    writer.send(Verb::write, 0, entry(i));
    CHECK(reader.expect(Verb::diary) == Message{Verb::diary, offset, entry(i)});
    std::set<Verb> got{writer.next().verb, writer.next().verb};
    CHECK(got == std::set{Verb::saved, Verb::diary});
    offset += entry(i).size();
  }
}

TEST_CASE("hi: after a broken connection the last offset gives exactly what was missed") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient writer(server);
  write(writer, entry(1));
  std::uint64_t seen = 0;
  {
    WireClient reader(server);
    seen = follow(reader).size();
  }
  write(writer, entry(2));
  write(writer, entry(3));
  WireClient again(server);
  CHECK(follow(again, seen) == entry(2) + entry(3));
}

TEST_CASE("r: the whole diary without a query, what matches with one, and the count") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  CHECK(ask(wire) == std::pair<std::string, std::uint64_t>{"", 0});
  write(wire, entry(1, "一 #晨"));
  write(wire, entry(2, "二"));
  CHECK(ask(wire) == std::pair<std::string, std::uint64_t>{entry(1, "一 #晨") + entry(2, "二"), 2});
  CHECK(ask(wire, "-1") == std::pair<std::string, std::uint64_t>{entry(2, "二"), 1});
  CHECK(ask(wire, "#晨") == std::pair<std::string, std::uint64_t>{entry(1, "一 #晨"), 1});
  CHECK(ask(wire, "三") == std::pair<std::string, std::uint64_t>{"", 0});
}

TEST_CASE("stop: ends a running hi or r long before the end of a large diary") {
  const Sandbox sandbox;
  std::string diary;
  while (diary.size() < 32 << 20) diary += entry(1, std::string(1000, 'a'));
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), diary);
  ServerProgram server(sandbox);
  WireClient wire(server);
  wire.send_raw("hi\nstop\nr\nstop\n?\n");
  std::size_t bytes = 0;
  std::map<Verb, int> count;
  while (count[Verb::help] == 0 || count[Verb::now] == 0) {
    const Message message = wire.next();
    bytes += message.text.size();
    ++count[message.verb];
    if (message.verb == Verb::now) CHECK(message.number == diary.size());
  }
  CHECK(count[Verb::now] == 1);
  CHECK(count[Verb::end] == 1);
  CHECK(bytes < diary.size());
}

TEST_CASE("?: the help") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  wire.send_raw("?\n");
  CHECK(wire.expect(Verb::help).text.find("quit") != std::string::npos);
}

TEST_CASE("announce: everybody who follows gets it, and the count is told") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient quiet(server);
  WireClient first(server);
  WireClient second(server);
  follow(first);
  follow(second);
  quiet.send(Verb::announce, 0, "晚饭好了");
  CHECK(quiet.expect(Verb::announced).number == 2);
  for (WireClient* wire : {&first, &second}) CHECK(wire->expect(Verb::announce).text == "晚饭好了");
  quiet.send_raw("?\n");
  quiet.expect(Verb::help);  // and no announcement before it
  quiet.send(Verb::announce, 0, "\x1b[2J");
  CHECK(quiet.expect(Verb::error).text == "the announcement can't be sent: line 1 holds the control character U+001B");
  quiet.expect_end();
  first.send_raw("?\n");
  first.expect(Verb::help);
}

TEST_CASE("what is typed into the server goes to everybody, and the end of its input is not its end") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  follow(wire);
  server.program().write("晚饭好了\n\n再说一次\n");
  CHECK(wire.expect(Verb::announce).text == "晚饭好了");
  CHECK(wire.expect(Verb::announce).text == "再说一次");
  server.program().close_input();
  CHECK(write(wire, entry(1)) == 0);
}

TEST_CASE("quit: bye, and the connection is closed") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  wire.send_raw("quit\n?\n");
  CHECK(wire.next().verb == Verb::bye);
  wire.expect_end();
  CHECK_FALSE(wire.take());
}

TEST_CASE("answers come in the order of their requests") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient wire(server);
  std::string requests;
  std::vector<Verb> expected;
  for (int i = 0; i < 100; ++i) {
    append_message(requests, Verb::write, 0, entry(i));
    requests += i % 3 == 0 ? "?\n" : "announce 1\na\n";
    expected.insert(expected.end(), {Verb::saved, i % 3 == 0 ? Verb::help : Verb::announced});
    if (i % 10 != 0) continue;
    requests += "r\n";
    expected.push_back(Verb::end);
  }
  wire.send_raw(requests);
  for (std::size_t i = 0; i < expected.size();) {
    CAPTURE(i);
    const Verb verb = wire.next().verb;
    if (verb == Verb::found) continue;  // as much as was on disk when the question came
    REQUIRE(verb == expected[i++]);
  }
}

TEST_CASE("anything else: error with the reason, and the connection is closed; the others notice nothing") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  WireClient other(server);
  for (const std::string& bytes :
       {std::string("hello\n"), std::string("\n"), std::string("GET / HTTP/1.1\r\n\r\n"), std::string("hi x\n"),
        std::string("write 0 99999999999999999999\n"), std::string("write 0 3000000\n"), std::string("r 4097\n"),
        std::string("announce 65537\n"), std::string("announce 2\nabc\n"), std::string("saved 1\n"),
        std::string(512, 'x'), std::string(1 << 20, '\0'), std::string("\x16\x03\x01\x02\n")}) {
    CAPTURE(bytes.substr(0, 40));
    WireClient wire(server);
    wire.send_raw(bytes);
    CHECK(wire.expect(Verb::error).text != "");
    wire.expect_end();
    CHECK_FALSE(wire.take());
  }
  CHECK(write(other, entry(1)) == 0);
}

TEST_CASE("random bytes in place of messages never end the server") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  unsigned state = 3;
  for (int round = 0; round < (sanitized() ? 20 : 100); ++round) {
    std::string bytes;
    for (int i = 0; i < 2000; ++i) bytes += static_cast<char>((state = state * 1103515245 + 12345) >> 16);
    WireClient wire(server);
    wire.send_raw(bytes + "\n");
    CAPTURE(round);
    CHECK(wire.expect(Verb::error).text != "");
  }
  CHECK(server.stop(SIGTERM) == 0);
}
