#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "client/link/conversation.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr std::uint64_t check = 7;

/// The conversation of a prompt, without a socket, and what of the diary reaches the person.
struct Follower {
  TemporaryFolder folder;
  Outbox outbox{folder.path("outbox"), "server"};
  Exchange exchange;
  Conversation conversation{outbox, exchange, Message{Verb::r, 0, {}}};
  Conversation::Time now{};

  void connect() {
    conversation.begin(now);
    conversation.receive(greeting_message(100), now);
  }

  void cut() { conversation.end(Ending::Why::lost, "cut"); }

  void be_offline() {
    cut();
    conversation.offline(true, "cut");
  }

  std::string said() {
    std::string out;
    conversation.produce(out, 1 << 20, now);
    return out;
  }

  /// What of these words the person gets: `found TEXT`, `end`, `broken`, `OFFSET TEXT`, `now`.
  std::string hear(const std::string& words) {
    exchange.take_events();
    conversation.receive(words, now);
    return heard();
  }

  std::string heard() {
    std::string got;
    for (const Event& event : exchange.take_events()) {
      if (event.kind != Event::Kind::message) continue;
      const Message& message = event.message;
      if (message.verb == Verb::found && !message.text.empty()) got += "found " + message.text + ",";
      if (message.verb == Verb::diary) got += std::to_string(message.number) + " " + message.text + ",";
      if (message.verb == Verb::end) got += "end,";
      if (message.verb == Verb::broken) got += "broken,";
      if (message.verb == Verb::now) got += "now,";
    }
    return got;
  }

  static std::string found(const std::string& text) { return message(Verb::found, 0, text); }
  static std::string end(std::uint64_t offset) { return message(Verb::end, 1, {}, offset, check); }
  static std::string diary(std::uint64_t offset, const std::string& text) { return message(Verb::diary, offset, text); }
  static std::string now_at(std::uint64_t offset) { return message(Verb::now, offset, {}, check); }
  static std::string hi(std::uint64_t offset) { return message(Verb::hi, offset, {}, check); }

  /// The start is over, and the diary is followed from 100 on.
  void follow() {
    connect();
    said();
    hear(now_at(100) + end(100));
    REQUIRE(said().empty());
  }
};

const std::string r = message(Verb::r);
const std::string start = message(Verb::hi, 100) + r;

}  // namespace

TEST_CASE_FIXTURE(Follower, "a prompt asks for the diary and follows it, and what is new is what stands behind that") {
  connect();
  CHECK(said() == start);
  CHECK(hear(found("one") + now_at(100) + found("two")) == "found one,now,found two,");
  CHECK(said() == "");
  SUBCASE("where nothing was written meanwhile") {
    CHECK(hear(end(100) + diary(100, "new")) == "end,100 new,");
  }
  SUBCASE("where the answer has what came meanwhile, and what comes yet") {
    CHECK(hear(diary(100, "a")) == "100 a,");  // for who waits for the diary to pass over
    CHECK(hear(end(103) + diary(101, "b") + diary(102, "cd")) == "end,103 d,");
  }
  CHECK(said() == "");
}

TEST_CASE_FIXTURE(Follower, "what came behind the end of the diary before that ended comes again") {
  connect();
  said();
  hear(now_at(100) + diary(100, "abcde"));
  CHECK(hear(end(103)) == "end,");
  CHECK(hear(diary(105, "fg")) == "");
  CHECK(said() == hi(103));
  CHECK(hear(diary(107, "h")) == "");
  CHECK(hear(now_at(108)) == "");  // of an earlier hi
  CHECK(hear(diary(103, "defghi") + now_at(109)) == "103 defghi,now,");
  CHECK(said() == "");
}

TEST_CASE_FIXTURE(Follower, "a start may be a query; hi is the whole diary") {
  Conversation last(outbox, exchange, Message{Verb::r, 0, "-50"});
  last.begin(now);
  last.receive(greeting_message(100), now);
  exchange.ask(Verb::hi);
  std::string out;
  last.produce(out, 1 << 20, now);
  CHECK(out == message(Verb::hi, 100) + message(Verb::r, 0, "-50") + r);
}

TEST_CASE_FIXTURE(Follower, "an empty diary is followed from its beginning") {
  conversation.begin(now);
  conversation.receive(greeting_message(0), now);
  CHECK(said() == message(Verb::hi, 0) + r);
  CHECK(hear(now_at(0) + message(Verb::end, 0) + diary(0, "new")) == "now,end,0 new,");
}

TEST_CASE_FIXTURE(Follower, "after a connection was cut the diary is followed from where it was left") {
  follow();
  hear(diary(100, "从前\n\n"));
  cut();
  connect();
  CHECK(said() == hi(100));  // too little has come to know the place behind it by
  CHECK(hear(diary(100, "从前\n\n以后\n")) == "108 以后\n,");
}

TEST_CASE_FIXTURE(Follower, "a start that was cut goes on behind what was shown of it") {
  connect();
  said();
  hear(found("one\ntwo\n"));
  be_offline();
  connect();
  CHECK(said() == start);
  SUBCASE("in pieces of any size") {
    CHECK(hear(found("on") + found("e\ntwo\nth") + found("ree\n")) == "found th,found ree\n,");
    CHECK(hear(end(114)) == "end,");
  }
  SUBCASE("and is cut again") {
    CHECK(hear(found("on")) == "");
    be_offline();
    connect();
    CHECK(said() == start);
    CHECK(hear(found("one\ntwo\nthree\n") + end(114)) == "found three\n,end,");
  }
  SUBCASE("unless that is another text now, which is told; what is new is followed all the same") {
    CHECK(hear(found("one\nTWO\nthree\n") + end(114)) == "broken,");
  }
  SUBCASE("or is shorter now") {
    CHECK(hear(found("one\n") + end(114)) == "broken,");
  }
  CHECK(hear(now_at(100) + diary(100, std::string(20, 'x'))) == "now,114 xxxxxx,");
}

TEST_CASE_FIXTURE(Follower,
                  "a start whose first entry was corrected while the connection was gone is not pieced together") {
  const std::string same(100, 's');
  connect();
  said();
  hear(found("old" + same));
  be_offline();
  connect();
  said();
  CHECK(hear(found("new" + same + "three\n") + end(114)) == "broken,");
}

TEST_CASE_FIXTURE(Follower, "while it is asked for what follows an answer, what begins before is not shown") {
  follow();
  exchange.ask(Verb::hi);
  said();
  hear(message(Verb::changed, 88, "the diary was changed", check));
  CHECK(said() == hi(88));
  hear(end(103) + now_at(88));
  CHECK(said() == hi(103));
  CHECK(hear(diary(88, std::string(20, 'x'))) == "");  // of another state, and too little to be compared
  CHECK(hear(diary(103, "new") + now_at(106)) == "103 new,now,");
  CHECK(said() == "");
}

TEST_CASE_FIXTURE(Follower, "hi brings the diary again, and nothing is lost or doubled while others write") {
  follow();
  exchange.ask(Verb::hi);
  CHECK(said() == r);
  CHECK(hear(diary(100, "a")) == "100 a,");
  CHECK(hear(found("all") + end(103) + diary(101, "bcde")) == "found all,end,103 de,");
  CHECK(said() == "");
}

TEST_CASE("a diary that breaks off or is stopped: what came since it was asked for is shown after it") {
  for (const bool at_start : {true, false}) {
    for (const std::string how : {"broken", "stopped", "stopped, and cut before that was answered"}) {
      CAPTURE(at_start);
      CAPTURE(how);
      Follower one;
      if (at_start) {
        one.connect();
        one.said();
        one.hear(Follower::now_at(100));
      } else {
        one.follow();
        one.exchange.ask(Verb::hi);
        one.said();
      }
      one.hear(Follower::found("one") + Follower::diary(100, "new"));
      if (how == "broken") {
        CHECK(one.hear(message(Verb::broken, 0, "edited")) == "broken,");
      } else {
        one.exchange.ask(Verb::stop);
        CHECK(one.said() == "stop\n");
      }
      if (how == "stopped") CHECK(one.hear(Follower::end(50)) == "end,");  // maybe where it was stopped
      if (how.ends_with("answered")) {
        one.be_offline();
        one.connect();
        CHECK(one.heard() == "end,");
      }
      const std::string asked = one.said();
      CHECK(asked.starts_with("hi 100"));
      CHECK(asked.find('r') == asked.npos);
      CHECK(one.hear(Follower::diary(100, "new") + Follower::now_at(103)) == "100 new,now,");
    }
  }
}

TEST_CASE_FIXTURE(Follower, "without a connection a query is forgotten, and the diary comes with the next one") {
  follow();
  exchange.ask(Verb::r, 0, "query");
  said();
  exchange.ask(Verb::hi);
  be_offline();
  exchange.ask(Verb::hi);
  connect();
  CHECK(said() == hi(100) + r + r);
  CHECK(hear(now_at(100) + found("all") + end(100) + found("all") + end(103)) == "now,found all,end,found all,end,");
  CHECK(hear(diary(100, "abcd")) == "103 d,");
}

TEST_CASE_FIXTURE(Follower, "a query whose connection is replaced unnoticed goes on as well") {
  follow();
  exchange.ask(Verb::r, 0, "query");
  said();
  hear(found("one"));
  cut();
  connect();
  CHECK(said() == hi(100) + message(Verb::r, 0, "query"));
  CHECK(hear(found("onetwo") + message(Verb::end, 2)) == "found two,end,");
}

TEST_CASE_FIXTURE(Follower,
                  "where the diary was changed between its end and what comes, the server says where it goes on") {
  connect();
  said();
  const std::string old(120, 'a');
  hear(message(Verb::end, 1, {}, old.size(), check_before(old)));
  CHECK(hear(diary(0, std::string(120, 'b') + "half a line\n")) == "");
  CHECK(said() == message(Verb::hi, old.size(), {}, check_before(old)));
  CHECK(hear(message(Verb::changed, 132, "the diary was changed", check)) == "");
  CHECK(said() == hi(132));
  CHECK(hear(diary(132, "new\n")) == "132 new\n,");
}

TEST_CASE_FIXTURE(Follower, "the place of a greeting that nothing has confirmed means nothing on the next connection") {
  connect();
  said();
  cut();
  conversation.begin(now);
  conversation.receive(greeting_message(150), now);
  CHECK(said() == message(Verb::hi, 150) + r);
  hear(now_at(150));
  cut();
  conversation.begin(now);
  conversation.receive(greeting_message(160), now);
  CHECK(said() == hi(150) + r);
}

TEST_CASE_FIXTURE(Follower, "a `now` before the end of an answer says that the diary was cut since") {
  connect();
  said();
  hear(end(150));
  hear(now_at(120));
  CHECK(said() == hi(150));
}
