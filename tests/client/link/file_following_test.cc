// The file itself, from its first byte on, as a mirror and an import follow it.
#include <doctest/doctest.h>

#include <string>

#include "client/link/conversation.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The conversation of who follows the file, without a socket.
struct FileFollower {
  TemporaryFolder folder;
  Outbox outbox{folder.path("outbox"), "server"};
  Exchange exchange;
  Conversation conversation{outbox, exchange, std::nullopt};
  Conversation::Time now{};

  void connect() {
    conversation.begin(now);
    conversation.receive(greeting_message(100), now);
  }

  std::string said() {
    std::string out;
    conversation.produce(out, 1 << 20, now);
    return out;
  }

  /// What of these words gets to the main thread: `OFFSET TEXT`, `now`, `changed`.
  std::string hear(const std::string& words) {
    exchange.take_events();
    conversation.receive(words, now);
    std::string got;
    for (const Event& event : exchange.take_events()) {
      const Message& message = event.message;
      if (message.verb == Verb::diary) got += std::to_string(message.number) + " " + message.text + ",";
      if (message.verb == Verb::now) got += "now,";
      if (message.verb == Verb::changed) got += "changed,";
    }
    return got;
  }

  static std::string diary(std::uint64_t offset, const std::string& text) { return message(Verb::diary, offset, text); }
  static std::string now_at(std::uint64_t offset) { return message(Verb::now, offset, {}, 7); }
};

const std::string from_the_first_byte = message(Verb::hi, 0, {}, 0);

}  // namespace

TEST_CASE_FIXTURE(FileFollower,
                  "who asks for the file gets it from its first byte on, and nobody else is told anything") {
  connect();
  CHECK(said() == "");
  exchange.ask(Verb::hi);
  CHECK(said() == from_the_first_byte);
  CHECK(hear(diary(0, "a\nb\n") + now_at(4) + diary(4, "c\n")) == "0 a\nb\n,now,4 c\n,");
}

TEST_CASE_FIXTURE(FileFollower, "the file is followed over one connection after the other, without gap or double") {
  exchange.ask(Verb::hi);
  conversation.begin(now);
  conversation.end(Ending::Why::lost, "cut");
  conversation.offline(true, "cut");
  connect();
  CHECK(said() == from_the_first_byte);
  CHECK(hear(diary(0, "a\nb")) == "0 a\nb,");
  conversation.end(Ending::Why::lost, "cut");
  connect();
  CHECK(said() == message(Verb::hi, 2, {}, check_before("a\n")));
  CHECK(hear(diary(2, "b\nc\n") + now_at(6)) == "3 \nc\n,now,");
}

TEST_CASE_FIXTURE(FileFollower, "who asks for the file again gets all of it, whatever was on its way") {
  exchange.ask(Verb::hi);
  connect();
  CHECK(said() == from_the_first_byte);
  CHECK(hear(diary(0, "a\n")) == "0 a\n,");
  exchange.ask(Verb::hi);
  CHECK(said() == from_the_first_byte);
  CHECK(hear(diary(2, "b\n") + now_at(4)) == "");
  CHECK(hear(diary(0, "a\nb\n") + now_at(4)) == "0 a\nb\n,now,");
}

TEST_CASE_FIXTURE(FileFollower, "where the owner has changed the file it is followed from its end of now") {
  exchange.ask(Verb::hi);
  connect();
  said();
  CHECK(hear(message(Verb::changed, 10, "by hand", 9)) == "changed,");
  CHECK(said() == message(Verb::hi, 10, {}, 9));
  CHECK(hear(diary(10, "x\n")) == "10 x\n,");
}
