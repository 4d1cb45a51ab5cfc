#include "client/link/conversation.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/entries.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
using namespace std::chrono_literals;

namespace {

const std::string greeting = greeting_message(100);

/// A conversation without a socket: what the server says is given, what the client says is taken, and time stands
/// still until it is moved.
struct ConversationFixture {
  TemporaryFolder folder;
  Outbox outbox{folder.path("outbox"), "server"};
  Exchange exchange;
  Conversation conversation{outbox, exchange, std::nullopt};
  Conversation::Time now{};
  std::string one = entry(1);

  void begin(const std::string& said = greeting) {
    conversation.begin(now);
    conversation.receive(said, now);
  }

  std::string produced(std::size_t budget = 1 << 20) {
    std::string out;
    conversation.produce(out, budget, now);
    return out;
  }

  void keep() {
    outbox.put({one}, exchange.heard());
    outbox.sync();
  }

  /// A server that owes the answer to what was asked has 10 s from its last word on, and else no deadline.
  void owe(const std::function<void()>& act, const std::string& answer) {
    begin();
    produced();
    CHECK_FALSE(conversation.deadline());
    now += 1h;
    act();
    produced();
    REQUIRE(conversation.deadline() == now + 10s);
    now += 9s;
    conversation.tick(now);
    conversation.receive(message(Verb::found), now);  // it is at work
    CHECK(conversation.deadline() == now + 10s);
    conversation.receive(answer, now);
    CHECK_FALSE(conversation.deadline());
    act();
    produced();
    conversation.tick(now + 10s - 1ns);
    CHECK_FALSE(conversation.over());
    conversation.tick(now + 10s);
    REQUIRE(conversation.over());
    CHECK(conversation.ending().why == Ending::Why::silent);
    CHECK(conversation.ending().greeted);
  }

  std::vector<Event::Kind> kinds() {
    std::vector<Event::Kind> kinds;
    for (const Event& event : exchange.take_events()) kinds.push_back(event.kind);
    return kinds;
  }
};

using Kinds = std::vector<Event::Kind>;

}  // namespace

TEST_CASE_FIXTURE(ConversationFixture, "nothing is said before the server has greeted") {
  keep();
  exchange.ask(Verb::r);
  conversation.begin(now);
  CHECK(produced() == "");
  conversation.receive(greeting.substr(0, 10), now);
  CHECK(produced() == "");
  conversation.receive(greeting.substr(10), now);
  CHECK(produced() == message(Verb::r) + message(Verb::write, 100, one));
  CHECK(kinds() == Kinds{Event::Kind::online});
}

TEST_CASE_FIXTURE(
    ConversationFixture,
    "what is put at a prompt before the server greets may stand anywhere: its owner may have rescued it") {
  Exchange its;
  Conversation at_prompt{outbox, its, Message{Verb::r, 0, {}}};
  outbox.put({one}, its.heard());
  at_prompt.begin(now);
  at_prompt.receive(greeting, now);
  outbox.put({entry(2)}, its.heard());
  outbox.sync();
  std::string out;
  at_prompt.produce(out, 1 << 20, now);
  CHECK(out.ends_with(message(Verb::write, 0, one) + message(Verb::write, 100, entry(2))));
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "a server that greets in time has no deadline any more, one that doesn't is silent") {
  begin();
  CHECK_FALSE(conversation.deadline());
  conversation.begin(now);
  REQUIRE(conversation.deadline() == now + 10s);
  conversation.tick(now + 10s - 1ns);
  CHECK_FALSE(conversation.over());
  conversation.tick(now + 10s);
  REQUIRE(conversation.over());
  CHECK(conversation.ending().why == Ending::Why::silent);
  CHECK_FALSE(conversation.ending().greeted);
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "the time for a greeting may be another, and who leaves may know before that it is late") {
  conversation.begin(now, {{}, now + 3s, now + 1s, {}});
  REQUIRE(conversation.deadline() == now + 1s);
  conversation.tick(now + 1s - 1ns);
  CHECK(kinds() == Kinds{});
  conversation.tick(now + 1s);
  CHECK(kinds() == Kinds{Event::Kind::late});
  CHECK_FALSE(conversation.over());
  REQUIRE(conversation.deadline() == now + 3s);
  conversation.tick(now + 3s);
  REQUIRE(conversation.over());
  CHECK(kinds() == Kinds{});
  CHECK(conversation.ending().text == "what listens there said nothing within 3 s");
  conversation.begin(now, {{}, now + 3s, now + 1s, {}});
  conversation.receive(greeting, now);
  CHECK_FALSE(conversation.deadline());
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "who leaves waits for what is due as long as bytes come, 2 s for each and 10 s at most") {
  begin();
  keep();
  produced();
  REQUIRE(conversation.deadline() == now + 10s);
  now += 5s;
  exchange.leave();
  SUBCASE("nothing has come for longer") {
    conversation.tick(now);
    REQUIRE(conversation.over());
    CHECK(conversation.ending().text == "it owes an answer and has said nothing for 5 s");
  }
  SUBCASE("bytes come") {
    for (int i = 0; i < 7; ++i) {
      conversation.receive(message(Verb::announce, 0, "x"), now);
      conversation.tick(now);
      REQUIRE(conversation.deadline().value_or(now) <= now + 2s);
      now += 1500ms;
      CHECK_FALSE(conversation.over());
    }
    conversation.tick(now);
    REQUIRE(conversation.over());
    CHECK(conversation.ending().text == "it still owes an answer after 10 s");
  }
  SUBCASE("the answer comes") {
    conversation.receive(message(Verb::saved, 200), now);
    conversation.tick(now);
    CHECK_FALSE(conversation.over());
    CHECK_FALSE(conversation.deadline());
  }
  CHECK(outbox.waiting() == (conversation.over() ? 1 : 0));
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "a server that owes an answer and says nothing for 10 s is silent, whatever was asked") {
  const auto ask = [&](Verb verb) { exchange.ask(verb, 0, verb == Verb::announce ? "hear" : ""); };
  struct Case {
    const char* description;
    std::function<void()> act;
    std::string answer;
  };
  for (const Case& one_case : {Case{"r", [&] { ask(Verb::r); }, message(Verb::end, 0)},
                               Case{"r that breaks off", [&] { ask(Verb::r); }, message(Verb::broken, 0, "edited")},
                               Case{"?", [&] { ask(Verb::ask); }, message(Verb::help, 0, "help")},
                               Case{"announce", [&] { ask(Verb::announce); }, message(Verb::announced, 1)},
                               Case{"write", [&] { keep(); }, message(Verb::saved, 100)}}) {
    CAPTURE(one_case.description);
    owe(one_case.act, one_case.answer);
  }
}

TEST_CASE_FIXTURE(ConversationFixture, "a server that owes the file and says nothing for 10 s is silent") {
  owe([&] { exchange.ask(Verb::hi); }, message(Verb::diary, 0, std::string(100, 'x')) + message(Verb::now, 100));
}

TEST_CASE_FIXTURE(ConversationFixture, "a server is not silent while bytes move, or while it is we who don't listen") {
  begin();
  exchange.ask(Verb::r);
  produced();
  now += 9s;
  conversation.moved(now);
  conversation.tick(now + 9s);
  CHECK_FALSE(conversation.over());
  conversation.receive(message(Verb::found, 0, std::string(1 << 20, '\n')), now);
  REQUIRE_FALSE(conversation.wants_input());
  now += 10s;
  conversation.tick(now);
  CHECK_FALSE(conversation.over());
  exchange.take_events();
  conversation.tick(now + 10s);
  CHECK(conversation.over());
}

TEST_CASE_FIXTURE(ConversationFixture, "another diary than the one that must answer is not met at all") {
  conversation.begin(now, {std::string(32, '6'), {}, {}, {}});
  conversation.receive(greeting, now);
  REQUIRE(conversation.over());
  CHECK(conversation.ending().why == Ending::Why::other_diary);
  conversation.begin(now, {std::string(32, '6'), {}, {}, {}});
  conversation.receive(greeting_message(0, std::string(32, '6')), now);
  CHECK_FALSE(conversation.over());
}

TEST_CASE_FIXTURE(ConversationFixture, "that everything is saved is said once, and again after the next entry") {
  begin();
  produced();
  CHECK(kinds() == Kinds{Event::Kind::online, Event::Kind::drained});
  produced();
  keep();
  CHECK(produced() == message(Verb::write, 100, one));
  CHECK(kinds() == Kinds{});
  conversation.receive(message(Verb::saved, 100), now);
  CHECK(outbox.waiting() == 0);
  CHECK(produced() == "");
  CHECK(kinds() == Kinds{Event::Kind::drained});
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "a refused entry is handed over with the reason and its place in the outbox, where it waits") {
  begin();
  keep();
  produced();
  exchange.take_events();
  conversation.receive(message(Verb::refused, 0, "too beautiful"), now);
  const auto events = exchange.take_events();
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == Event::Kind::refused);
  CHECK(events[0].message.text == "too beautiful\n" + one);
  CHECK(events[0].message.number == outbox.get(0)->id);
  CHECK(produced() == "");
  CHECK(kinds() == Kinds{});
  outbox.told(events[0].message.number);
  CHECK(produced() == "");
  CHECK(kinds() == Kinds{Event::Kind::drained});
}

TEST_CASE_FIXTURE(ConversationFixture, "what the server can't save now is told once and sent again after 5 s") {
  begin();
  keep();
  outbox.put({entry(2)}, exchange.heard());
  outbox.sync();
  produced();
  exchange.take_events();
  const std::string failed = message(Verb::failed, 0, "the disk is full");
  conversation.receive(failed + failed, now);
  CHECK(kinds() == Kinds{Event::Kind::message});
  CHECK(produced() == "");
  REQUIRE(conversation.deadline() == now + 5s);
  conversation.tick(now + 5s - 1ns);
  CHECK(produced() == "");
  conversation.tick(now + 5s);
  // They may have been saved all the same.
  CHECK(produced() == message(Verb::write, 0, one) + message(Verb::write, 0, entry(2)));
}

TEST_CASE_FIXTURE(ConversationFixture, "the way a connection ends is told apart") {
  struct Case {
    const char* description;
    std::string said;
    Ending::Why why;
    bool greeted;
  };
  for (const Case& one_case :
       {Case{"a bye", greeting + message(Verb::bye, 0, "good night"), Ending::Why::bye, true},
        Case{"a bye in place of a greeting", message(Verb::bye, 0, "good night"), Ending::Why::bye, false},
        Case{"an error", greeting + message(Verb::error, 0, "what?"), Ending::Why::fault, true},
        Case{"another protocol", "HTTP/1.1 400 Bad Request\r\n", Ending::Why::fault, false},
        Case{"an older one of ours", "md2 1 26.11.22.1530 0\n", Ending::Why::older, false},
        Case{"a newer one of ours", "md2 3 30.01.01.0000\n", Ending::Why::newer, false},
        Case{"another protocol later", greeting + "what?\n", Ending::Why::fault, true},
        Case{"an answer to nothing", greeting + message(Verb::saved, 5), Ending::Why::fault, true}}) {
    CAPTURE(one_case.description);
    begin(one_case.said);
    REQUIRE(conversation.over());
    CHECK(conversation.ending().why == one_case.why);
    CHECK(conversation.ending().greeted == one_case.greeted);
    conversation.end(Ending::Why::lost, "the first reason counts");
    CHECK(conversation.ending().why == one_case.why);
    CHECK(produced() == "");
  }
}

TEST_CASE_FIXTURE(ConversationFixture, "no more is said in one go than may wait for the socket") {
  begin();
  for (int i = 0; i < 100; ++i) outbox.put({entry(i, std::string(1000, 'x'))}, exchange.heard());
  outbox.sync();
  const std::string said = produced(5000);
  CHECK(said.size() >= 5000);
  CHECK(said.size() < 7000);
  CHECK(produced(0) == "");
}

TEST_CASE_FIXTURE(ConversationFixture, "input is wanted as long as the main thread keeps up") {
  begin();
  CHECK(conversation.wants_input());
  conversation.receive(message(Verb::diary, 0, std::string(1 << 20, '\n')), now);
  CHECK_FALSE(conversation.wants_input());
  exchange.take_events();
  CHECK(conversation.wants_input());
}

TEST_CASE_FIXTURE(ConversationFixture, "to another diary than the first nothing is sent, and of it nothing is shown") {
  begin();
  keep();
  conversation.end(Ending::Why::lost, "cut");
  exchange.take_events();
  begin(greeting_message(0, std::string(32, '6')) + message(Verb::diary, 0, "a secret"));
  REQUIRE(conversation.over());
  CHECK(conversation.ending().why == Ending::Why::other_diary);
  CHECK(conversation.ending().text == "another diary answers at server");
  CHECK_FALSE(conversation.ending().greeted);
  CHECK(produced() == "");
  CHECK(kinds() == Kinds{});
  begin();
  CHECK(produced() == message(Verb::write, 0, one));
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "while nobody is met, requests are forgotten, and what waits elsewhere is told all the same") {
  Outbox(folder.path("outbox"), "elsewhere").put({one});
  exchange.ask(Verb::r);
  conversation.offline(false, "nobody is there");
  CHECK(kinds() == Kinds{Event::Kind::notice});
  conversation.offline(true, "nobody is there");
  CHECK(kinds() == Kinds{Event::Kind::offline});
  begin();
  CHECK(produced() == "");
}

TEST_CASE_FIXTURE(ConversationFixture,
                  "what is asked before the end of a connection was heard of is not asked on the next") {
  begin();
  exchange.take_events();
  conversation.end(Ending::Why::lost, "lost");
  conversation.offline(true, "lost");
  begin();
  exchange.ask(Verb::r);
  CHECK(produced().empty());
  exchange.take_events();
  exchange.ask(Verb::r);
  CHECK(produced() == message(Verb::r));
}
