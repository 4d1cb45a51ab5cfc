#include "server/session.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "common/entry.h"
#include "common/message.h"
#include "server/diary.h"
#include "tests/support/deadline.h"
#include "tests/support/sandbox.h"

using namespace md2;
using namespace md2::test;

namespace {

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
