// What sessions leave to each other of a turn of the server.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <string>
#include <vector>

#include "server/diary/diary.h"
#include "server/session.h"
#include "server/turn.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/messages.h"
#include "tests/support/repeated.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

std::uint64_t number_of(const Session& client) {
  return client.number();
}

/// Each look at it takes its time, so that a turn soon has none left.
struct SlowClock : Clock {
  explicit SlowClock(std::chrono::milliseconds of_a_look) : step(of_a_look) {}
  Steady steady() override { return time += step; }

  std::chrono::milliseconds step;
  Steady time;
};

/// Clients of one diary, in turns that have time for one of them.
struct SessionTurnFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  Diary diary{file, ignore};
  SlowClock clock{std::chrono::seconds(1)};
  Turn turn{clock, std::chrono::milliseconds(5)};
  std::list<Session> sessions;

  Session& join() { return sessions.emplace_back(diary, some_identity, to_nobody, turn); }

  void handle_requests() {
    turn.requests.serve(sessions, number_of, [](Session& client) { client.handle_requests(); });
  }
};

}  // namespace

TEST_CASE("what all clients look up and search together is bounded in a turn, and everybody's comes to its end") {
  SlowClock clock(std::chrono::milliseconds(1));
  constexpr int clients = 5;
  const TemporaryFolder folder;
  const std::string file = folder.path("diary");
  const std::string old = entry(-1, std::string(1 << 19, 'x'));
  write_file(file, old + old + old + old + old);  // three steps of a look-up or a search
  Diary diary(file, ignore);
  Turn turn(clock, std::chrono::milliseconds(2));  // half for each: who asks second is late
  std::list<Session> sessions;
  for (int i = 0; i < clients; ++i) {
    Session& session = sessions.emplace_back(diary, some_identity, to_nobody, turn);
    session.receive(i % 2 == 0 ? message(Verb::write, 0, entry(i)) : message(Verb::r, 0, "absent"));
  }
  std::vector<std::string> said(clients);
  std::vector<int> done(clients);
  for (int turns = 1; turns <= 100; ++turns) {
    diary.check_for_changes();
    turn.requests.serve(sessions, number_of, [](Session& session) { session.handle_requests(); });
    const Commit commit = diary.commit();
    turn.answers.serve(sessions, number_of, [&](Session& session) {
      session.committed(commit);
      const std::size_t number = session.number() - 1;
      session.produce(said[number], 1 << 16);
      if (done[number] == 0 && !said[number].empty()) done[number] = turns;
    });
  }
  std::sort(done.begin(), done.end());
  CHECK(done.front() > 1);
  // One step in a turn, in turn: nobody is done before the others have had nearly as many.
  CAPTURE(done);
  CHECK(done.back() >= 9);
  CHECK(done.back() <= 20);
  CHECK(read_file(file).ends_with(entry(4)));
}

TEST_CASE_FIXTURE(SessionTurnFixture, "who asks once is never left out, however many ask much") {
  for (int i = 0; i < 3; ++i) {
    Session& many = join();
    many.receive(repeated(message(Verb::ask), 10));
  }
  Session& writer = join();
  writer.receive(message(Verb::write, 0, entry(0, "one")));
  handle_requests();
  writer.committed(diary.commit());
  std::string out;
  writer.produce(out, 1 << 16);
  CHECK(out == message(Verb::saved, 0));
  CHECK_FALSE(sessions.front().wants_input());
  CHECK(sessions.front().busy());
}

TEST_CASE_FIXTURE(SessionTurnFixture, "long requests and long answers of all clients together are bounded in a turn") {
  constexpr std::size_t clients = 4;
  for (std::size_t i = 0; i < clients; ++i) {
    Session& client = join();
    client.receive(message(Verb::hi) + message(Verb::write, 0, std::string(100'000, 'x')));
  }
  const Announcement text = announcement(std::string(10'000, 'a'));
  std::vector<std::string> said(clients);
  std::size_t most_refused = 0;
  std::size_t most_announced = 0;
  const auto count = [&](std::string_view words) {
    return static_cast<std::size_t>(
        std::count_if(said.begin(), said.end(), [&](const auto& bytes) { return bytes.find(words) != bytes.npos; }));
  };
  for (std::size_t turns = 0; turns < 20; ++turns) {
    const std::size_t refused = count("refused");
    const std::size_t announced = count("aaaa");
    handle_requests();
    if (turns == 10) {
      for (Session& client : sessions) CHECK(client.announce(text));
    }
    turn.answers.serve(sessions, number_of, [&](Session& client) {
      const auto index = static_cast<std::size_t>(client.number() - sessions.front().number());
      client.produce(said[index], 1 << 16);
    });
    most_refused = std::max(most_refused, count("refused") - refused);
    most_announced = std::max(most_announced, count("aaaa") - announced);
  }
  CHECK(count("refused") == clients);
  CHECK(most_refused == 1);
  CHECK(count("aaaa") == clients);
  CHECK(most_announced == 1);
}

TEST_CASE_FIXTURE(SessionTurnFixture,
                  "writes that are looked for in a turn without time join one pass through the diary") {
  write_file(file, entry(-1));
  Session& session = join();
  std::string out;
  for (int i = 0; i < 20; ++i) session.receive(message(Verb::write, 1, entry(i)));
  for (int turns = 0; turns < 3; ++turns) {
    diary.check_for_changes();
    handle_requests();
    session.committed(diary.commit());
    session.produce(out, 1 << 16);
  }
  std::size_t saved = 0;
  for (std::size_t at = 0; (at = out.find("saved ", at)) != std::string::npos; ++at) ++saved;
  CHECK(saved == 20);
}
