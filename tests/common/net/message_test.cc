#include "common/net/message.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "common/diary/entry.h"
#include "common/os/version.h"
#include "tests/support/messages.h"

using namespace md2;
using namespace md2::test;
using namespace std::string_literals;

namespace {

std::string wire(Verb verb, std::uint64_t number = 0, std::string_view text = {}, std::uint64_t second = 0,
                 std::uint64_t check = 0) {
  std::string out;
  append_message(out, verb, number, text, second, check);
  return out;
}

std::vector<Message> read_all(Role sender, std::string_view bytes, std::size_t size = std::string::npos) {
  MessageReader reader(sender);
  std::vector<Message> messages;
  for (std::size_t i = 0; i < bytes.size(); i += std::min(size, bytes.size())) {
    reader.feed(bytes.substr(i, size));
    while (auto message = reader.next()) messages.push_back(std::move(*message));
  }
  CHECK(reader.pending() == 0);
  return messages;
}

std::string fault_of(Role sender, std::string_view bytes) {
  MessageReader reader(sender);
  reader.feed(bytes);
  try {
    while (reader.next()) {
    }
  } catch (const ProtocolError& error) {
    return error.what();
  }
  return {};
}

const std::vector<Message> from_client{
    {Verb::hi, 0, ""},
    {Verb::hi, 18446744073709551615u, ""},
    {Verb::r, 0, ""},
    {Verb::r, 0, "-10 #tag"},
    {Verb::raw, 0, "#tag"},
    {Verb::stop, 0, ""},
    {Verb::ask, 0, ""},
    {Verb::write, 7, "a\nb\n"},
    {Verb::announce, 0, "今天"},
    {Verb::hi, 7, "", 1},
    {Verb::write, 7, "a\nb\n", 2},
    {Verb::told, 0, ""},
    {Verb::quit, 0, ""},
};

const std::vector<Message> from_server{
    {Verb::greeting, 12, "26.11.22.1530", 0, some_identity},
    {Verb::diary, 0, "x"},
    {Verb::diary, 5, ""},
    {Verb::now, 12, ""},
    {Verb::now, 12, "", 4000000000},
    {Verb::changed, 12, "by hand", 7},
    {Verb::found, 0, "a\nb"},
    {Verb::end, 3, ""},
    {Verb::end, 3, "", 120, {}, 77},
    {Verb::broken, 0, "changed"},
    {Verb::since, 8, "", 1},
    {Verb::help, 0, "..."},
    {Verb::saved, 8, ""},
    {Verb::refused, 0, "why"},
    {Verb::failed, 0, "full"},
    {Verb::announced, 2, ""},
    {Verb::announce, 0, "hello"},
    {Verb::bye, 0, "until soon"},
    {Verb::error, 0, "wrong"},
};

}  // namespace

TEST_CASE("each message stands on the wire as the protocol page shows it") {
  CHECK(wire(Verb::hi) == "hi 0\n");
  CHECK(wire(Verb::r) == "r\n");
  CHECK(wire(Verb::r, 0, "#tag") == "r 4\n#tag\n");
  CHECK(wire(Verb::stop) == "stop\n");
  CHECK(wire(Verb::ask) == "?\n");
  CHECK(wire(Verb::write, 7, "[..] 今\n\n") == "write 7 10\n[..] 今\n\n\n");
  CHECK(wire(Verb::announce, 0, "hi") == "announce 2\nhi\n");
  CHECK(wire(Verb::quit) == "quit\n");
  CHECK(greeting_message(12) == "md2 2 26.11.22.1530 12 55555555555555555555555555555555\n");
  CHECK(wire(Verb::diary, 5, "abc") == "diary 5 3\nabc\n");
  CHECK(wire(Verb::end, 3) == "end 3\n");
  CHECK(wire(Verb::end, 3, "", 120, 77) == "end 3 120 77\n");
  CHECK(wire(Verb::hi, 5, "", 77) == "hi 5 77\n");
  CHECK(wire(Verb::write, 7, "x", 2) == "write 7 2 1\nx\n");
  CHECK(wire(Verb::told) == "told\n");
  CHECK(wire(Verb::now, 5, "", 77) == "now 5 77\n");
  CHECK(wire(Verb::changed, 5, "why", 77) == "changed 5 77 3\nwhy\n");
  CHECK(wire(Verb::since, 5, "", 1) == "since 5 1\n");
  CHECK(wire(Verb::broken, 0, "why") == "broken 3\nwhy\n");
  CHECK(wire(Verb::bye, 0, "") == "bye 0\n\n");
}

TEST_CASE("what one side sends the other reads, in whatever pieces it comes") {
  for (const auto& [side, messages] : {std::pair{Role::client, from_client}, std::pair{Role::server, from_server}}) {
    std::string bytes;
    for (const Message& message : messages) {
      if (message.verb == Verb::greeting) {
        append_greeting(bytes, message.text, message.number, message.identity);
      } else {
        append_message(bytes, message.verb, message.number, message.text, message.second, message.check);
      }
    }
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
      CAPTURE(size);
      CHECK(read_all(side, bytes, size) == messages);
    }
  }
}

TEST_CASE("a place is known again by the 64 bytes before it, by FNV-1a in 32 bits that is never 0") {
  CHECK(check_before("") == 2166136261);
  CHECK(check_before("a") == 0xe40c292c);
  CHECK(check_before("foobar") == 0xbf9cf968);
  CHECK(check_before("\xcc\x24\x31\xc4") == 1);  // whose hash is 0
  const std::string last(checked_length, 'x');
  CHECK(check_before("y" + last) == check_before(last));
  CHECK(check_before("y" + last.substr(1)) != check_before(last));
}

TEST_CASE("what may be left out may be left out by hand as well") {
  CHECK(read_all(Role::client, "hi\nr\nr 0\n\n") ==
        std::vector<Message>{{Verb::hi, 0, ""}, {Verb::r, 0, ""}, {Verb::r, 0, ""}});
}

TEST_CASE("the text may hold any bytes, also ones that look like messages") {
  const Message message{Verb::announce, 0, "quit\n\0\xff\n"s};
  CHECK(read_all(Role::client, wire(message.verb, 0, message.text) + "quit\n") ==
        std::vector<Message>{message, {Verb::quit, 0, ""}});
}

TEST_CASE("a message is given out with its last byte, not before") {
  const std::string bytes = wire(Verb::write, 1, "text");
  MessageReader reader(Role::client);
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    reader.feed(bytes.substr(i, 1));
    CAPTURE(i);
    CHECK_FALSE(reader.next());
  }
  reader.feed("\n");
  CHECK(reader.next());
}

TEST_CASE("wrong bytes are an error that shows them") {
  CHECK(fault_of(Role::client, "hello\n") == "'hello' is not a request");
  CHECK(fault_of(Role::client, "\n") == "'' is not a request");
  CHECK(fault_of(Role::client, "GET / HTTP/1.1\r\n") == "'GET / HTTP/1.1^M' is not a request");
  CHECK(fault_of(Role::client, "HI\n") != "");
  CHECK(fault_of(Role::client, "hi\r\n") != "");
  CHECK(fault_of(Role::client, " hi\n") != "");
  CHECK(fault_of(Role::client, "hi \n") == "'' is not a decimal number");
  CHECK(fault_of(Role::client, "hi -1\n") == "'-1' is not a decimal number");
  CHECK(fault_of(Role::client, "hi 0x10\n") == "'0x10' is not a decimal number");
  CHECK(fault_of(Role::client, "hi 18446744073709551616\n") == "'18446744073709551616' is not a decimal number");
  CHECK(fault_of(Role::client, "hi 1 2 3\n") != "");
  CHECK(fault_of(Role::client, "write\n") != "");
  CHECK(fault_of(Role::client, "write 5\n") != "");
  CHECK(fault_of(Role::client, "write 0  5\n") != "");
  CHECK(fault_of(Role::client, "write 1 2 3 4 5\n") == "'write 1 2 3 4 5' has 6 words, 'write' takes 4");
  CHECK(fault_of(Role::client, "stop now\n") != "");
  CHECK(fault_of(Role::client, "\xff\xfe\n") == "'\uFFFD\uFFFD' is not a request");
  CHECK(fault_of(Role::client, "\x1b[2J\n") == "'^[[2J' is not a request");
}

TEST_CASE("each side may send its own messages only") {
  for (const Message& message : from_server) {
    if (message.verb == Verb::announce) continue;
    const std::string bytes = message.verb == Verb::greeting
                                  ? greeting_message(12)
                                  : wire(message.verb, message.number, message.text, message.second, message.check);
    CAPTURE(bytes);
    CHECK(fault_of(Role::client, bytes) != "");
  }
  for (const Message& message : from_client) {
    if (message.verb == Verb::announce) continue;
    const std::string bytes = message.verb == Verb::greeting
                                  ? greeting_message(12)
                                  : wire(message.verb, message.number, message.text, message.second, message.check);
    CAPTURE(bytes);
    CHECK(fault_of(Role::server, bytes) != "");
  }
}

TEST_CASE("a server of another protocol is told apart from garbage") {
  const std::string after = " this md2client (" + std::string(version()) + ") speaks 2: ";
  CHECK(fault_of(Role::server, "md2 1 26.11.22.1530 49\n") ==
        "the server (26.11.22.1530) speaks protocol 1," + after + "update md2server");
  CHECK(fault_of(Role::server, "md2 3 30.01.01.0000 and what else may come\n") ==
        "the server (30.01.01.0000) speaks protocol 3," + after + "update md2client");
  for (const bool older : {true, false}) {
    MessageReader reader(Role::server);
    reader.feed(older ? "md2 1 26.11.22.1530 49\n" : "md2 3 30.01.01.0000\n");
    try {
      reader.next();
      FAIL("taken for a greeting");
    } catch (const OtherProtocol& other) {
      CHECK(other.older() == older);
    }
  }
  const std::vector<std::string> broken{"",
                                        " 26.11.22.1530",
                                        " 26.11.22.1530 0",
                                        " 26.11.22.1530 0 " + some_identity + " 0",
                                        " 26.11.22.1530 0 " + some_identity + "5",
                                        " 26.11.22.1530 0 " + std::string(32, 'A')};
  for (const std::string& rest : broken) {
    MessageReader reader(Role::server);
    reader.feed("md2 2" + rest + "\n");
    CAPTURE(rest);
    try {
      reader.next();
      FAIL("taken for a greeting");
    } catch (const OtherProtocol&) {
      FAIL("taken for another protocol");
    } catch (const ProtocolError& error) {
      CHECK(std::string(error.what()) == "the greeting is not 'md2 PROTOCOL VERSION OFFSET IDENTITY'");
    }
  }
}

TEST_CASE("a header line may have 512 bytes and not one more") {
  const auto line = [](std::size_t size) { return std::string(size - 1, 'x') + '\n'; };
  CHECK(fault_of(Role::client, line(512)).find("is not a request") != std::string::npos);
  CHECK(fault_of(Role::client, line(513)) == "a header line has more than 512 bytes");
  CHECK(fault_of(Role::client, std::string(511, 'x')) == "");
  CHECK(fault_of(Role::client, std::string(512, 'x')) == "a header line has more than 512 bytes");
}

TEST_CASE("a length is refused as soon as it is claimed, one byte over the limit of its verb") {
  const auto claim = [](Role side, const std::string& words, std::size_t length) {
    return fault_of(side, words + std::to_string(length) + "\n");
  };
  struct Limit {
    Role side;
    const char* words;
    std::size_t most;
  };
  for (const Limit& limit :
       {Limit{Role::client, "r ", max_query}, Limit{Role::client, "write 0 ", max_encoded},
        Limit{Role::client, "announce ", max_announcement}, Limit{Role::server, "diary 0 ", max_piece},
        Limit{Role::server, "found ", max_piece}, Limit{Role::server, "error ", max_announcement}}) {
    CAPTURE(limit.words);
    CHECK(claim(limit.side, limit.words, limit.most) == "");
    CHECK(claim(limit.side, limit.words, limit.most + 1).find("takes at most") != std::string::npos);
  }
}

TEST_CASE("a text that does not end where it was said to is an error") {
  CHECK(fault_of(Role::client, "announce 2\nabc\n") == "no newline after the 2 bytes of 'announce'");
  CHECK(fault_of(Role::client, "announce 4\nabc\n") == "");
}

TEST_CASE("random bytes end in messages, in waiting or in a protocol error, and in nothing else") {
  unsigned state = 7;
  const auto random = [&] { return (state = state * 1103515245 + 12345) >> 16; };
  const std::string alphabet = "hi r stop?\nwrite 0123456789 announce\xff\0"s;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (unsigned i = random() % 60; i > 0; --i) bytes += alphabet[random() % alphabet.size()];
    CAPTURE(round);
    CHECK_NOTHROW((void)fault_of(Role::client, bytes));
    CHECK_NOTHROW((void)fault_of(Role::server, bytes));
  }
}
