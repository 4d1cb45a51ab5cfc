#include "server/session.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "common/diary/entry.h"
#include "common/net/message.h"
#include "server/diary/diary.h"
#include "tests/support/deadline.h"
#include "tests/support/fake_disk.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What the diary reports.
void ignore(const std::string& /*report*/) {}

struct Fixture {
  Sandbox sandbox;
  std::string file = sandbox.path("diary");
  std::string entry = encode({{1'446'038'763'417'293, 480}, "八荣八耻"});
  Diary diary{file, [](const std::string&) {}};
  Session session{diary, [](std::string_view) { return 0; }};

  std::string produced() {
    std::string out;
    session.produce(out, 1 << 20);
    return out;
  }

  /// A turn of the server, as server/server.cc has it, without a socket.
  std::string turn(const std::string& said) {
    session.receive(said);
    if (diary.look()) session.restart();
    session.handle_requests();
    session.committed(diary.commit());
    return produced();
  }
};

std::string message(Verb verb, std::uint64_t number = 0, std::string_view text = {}) {
  std::string bytes;
  append_message(bytes, verb, number, text);
  return bytes;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "who says hi and quit in one breath gets the diary, then bye") {
  turn(message(Verb::write, 0, entry));
  std::string said = turn(message(Verb::hi) + message(Verb::quit));
  while (!session.ended()) {
    REQUIRE(session.busy());
    said += produced();
  }
  CHECK(said ==
        message(Verb::diary, 0, entry) + message(Verb::now, entry.size()) + message(Verb::bye, 0, "you asked for it"));
}

TEST_CASE_FIXTURE(Fixture,
                  "an entry that comes twice in one turn is kept once and answered twice, at offset 0 as well") {
  const std::string write = message(Verb::write, 0, entry);
  const std::string second = encode({{1'446'038'763'417'294, 480}, "二"});
  CHECK(turn(write + write) == message(Verb::saved, 0) + message(Verb::saved, 0));
  CHECK(read_file(file) == entry);
  CHECK(turn(write + message(Verb::write, 0, second) + write) ==
        message(Verb::saved, 0) + message(Verb::saved, entry.size()) + message(Verb::saved, 0));
  CHECK(read_file(file) == entry + second);
}

TEST_CASE_FIXTURE(Fixture, "a follower outlives a diary that is cut while it reads, and goes on at the end") {
  REQUIRE(turn(message(Verb::write, 0, entry)) == message(Verb::saved, 0));
  session.receive(message(Verb::hi));
  session.handle_requests();
  std::filesystem::resize_file(file, 0);
  CHECK(produced() == "");
  CHECK(session.busy());
  CHECK(turn("") == message(Verb::now, 0));
  CHECK(turn(message(Verb::write, 0, entry)) == message(Verb::saved, 0) + message(Verb::diary, 0, entry));
}

TEST_CASE("after a failure every entry fails until the first that failed comes again, whatever else is asked") {
  const Sandbox sandbox;
  const std::string file = sandbox.path("diary");
  FakeDisk disk;
  Diary diary(file, ignore, disk);
  Session session(diary, [](std::string_view) { return 0; });
  const auto turn = [&](const std::string& said) {
    session.receive(said);
    session.handle_requests();
    session.committed(diary.commit());
    std::string out;
    session.produce(out, 1 << 20);
    return out;
  };
  const std::string first = encode({{1'446'038'763'417'293, 480}, std::string(1000, 'a')});
  const std::string second = encode({{1'446'038'763'417'294, 480}, "二"});
  disk.room = 100;
  const std::string failed = turn(message(Verb::write, 0, first));
  CHECK(failed.starts_with("failed "));
  // The second would fit, and the client may have sent question and second before it could hear of the failure.
  for (const std::string& asked : {std::string(), message(Verb::stop), message(Verb::hi), message(Verb::r)}) {
    CAPTURE(asked);
    CHECK(turn(asked + message(Verb::write, 0, second)).find("saved") == std::string::npos);
    CHECK(read_file(file).empty());
  }
  disk.room = 10'000;
  CHECK(turn(message(Verb::write, 0, second)).find("failed ") != std::string::npos);
  const std::string answers = turn(message(Verb::write, 0, first) + message(Verb::write, 0, second));
  CHECK(answers.find(message(Verb::saved, 0) + message(Verb::saved, first.size())) != std::string::npos);
  CHECK(read_file(file) == first + second);
}

TEST_CASE("an entry that is still looked for when the one before it fails, fails as well") {
  const Sandbox sandbox;
  const std::string file = sandbox.path("diary");
  const std::string old = encode({{1'446'038'763'000'000, 480}, std::string(1 << 19, 'x')});
  write_file(file, old + old + old + old + old + old);  // more than a look-up reads in one turn
  FakeDisk disk;
  Diary diary(file, ignore, disk);
  Session session(diary, [](std::string_view) { return 0; });
  const std::string first = encode({{1'446'038'763'417'293, 480}, "一"});
  const std::string second = encode({{1'446'038'763'417'294, 480}, "二"});
  disk.room = 10;
  session.receive(message(Verb::write, diary.durable(), first) + message(Verb::write, 0, second));
  std::string out;
  for (int turn = 0; turn < 10; ++turn) {
    session.handle_requests();
    session.committed(diary.commit());
    session.produce(out, 1 << 20);
    disk.room = 10'000;
  }
  CHECK(out.starts_with("failed "));
  CHECK(out.find("failed ", 1) != std::string::npos);
  CHECK(out.find("saved") == std::string::npos);
  CHECK(diary.durable() == 6 * old.size());
}
