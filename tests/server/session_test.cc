#include "server/session.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include "common/diary/help.h"
#include "common/net/message.h"
#include "common/os/version.h"
#include "server/diary/diary.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/messages.h"
#include "tests/support/repeated.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What ends the answer of `count` entries of that diary.
std::string end_of(std::uint64_t count, const std::string& diary) {
  std::string bytes;
  append_message(bytes, Verb::end, count, {}, diary.size(), check_before(diary));
  return bytes;
}

struct SessionFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  std::string one = entry(0, "八荣八耻");
  Diary diary{file, [](const std::string&) {}};
  Session session{diary, some_identity, to_nobody};

  SessionFixture() {
    session.greet();
    produced();
  }

  std::string produced() {
    std::string out;
    session.produce(out, 1 << 20);
    return out;
  }

  /// A turn of the server, as server/server.cc has it, without a socket.
  std::string turn(const std::string& said) {
    session.receive(said);
    session.changed(diary.check_for_changes(), diary.unchanged_up_to());
    session.handle_requests();
    session.committed(diary.commit());
    return produced();
  }
};

/// Its key only writes.
struct Writer : SessionFixture {
  Session writer{diary, some_identity, [](std::string_view) { return 1; }};

  std::string said() {
    std::string out;
    writer.produce(out, 1 << 20);
    return out;
  }

  std::string writer_turn(const std::string& bytes) {
    writer.receive(bytes);
    writer.changed(diary.check_for_changes(), diary.unchanged_up_to());
    std::string heard;
    do {
      writer.handle_requests();
      writer.committed(diary.commit());
      heard += said();
    } while (writer.busy());
    return heard;
  }
};

}  // namespace

TEST_CASE_FIXTURE(SessionFixture, "who says hi and quit in one breath gets the diary, then bye") {
  turn(message(Verb::write, 0, one));
  std::string said = turn(message(Verb::hi) + message(Verb::quit));
  while (!session.ended()) {
    REQUIRE(session.busy());
    said += produced();
  }
  CHECK(said == message(Verb::diary, 0, one) + message(Verb::now, one.size(), {}, check_before(one)) +
                    message(Verb::bye, 0, "you asked for it"));
}

TEST_CASE_FIXTURE(SessionFixture,
                  "an entry that comes twice in one turn is kept once and answered twice, at offset 0 as well") {
  const std::string write = message(Verb::write, 0, one);
  const std::string second = entry(1, "二");
  CHECK(turn(write + write) == message(Verb::saved, 0) + message(Verb::saved, 0));
  CHECK(read_file(file) == one);
  CHECK(turn(write + message(Verb::write, 0, second) + write) ==
        message(Verb::saved, 0) + message(Verb::saved, one.size()) + message(Verb::saved, 0));
  CHECK(read_file(file) == one + second);
}

TEST_CASE_FIXTURE(SessionFixture, "a follower outlives a diary that is cut while it reads, and goes on at the end") {
  REQUIRE(turn(message(Verb::write, 0, one)) == message(Verb::saved, 0));
  session.receive(message(Verb::hi));
  session.handle_requests();
  std::filesystem::resize_file(file, 0);
  CHECK(produced() == "");
  CHECK(session.busy());
  const std::uint64_t check = check_before({});
  CHECK(turn("") == message(Verb::changed, 0, "the diary was changed by hand", check) + message(Verb::since, 0, {}, 1));
  CHECK(turn(message(Verb::hi)) == message(Verb::now, 0, {}, check));
  CHECK(turn(message(Verb::write, 0, one, 1)) ==
        message(Verb::saved, 0) + message(Verb::announce, 0, diary.untold().text()) + message(Verb::diary, 0, one));
}

TEST_CASE("after a failure every entry fails until the first that failed comes again, whatever else is asked") {
  const TemporaryFolder folder;
  const std::string file = folder.path("diary");
  FakeDisk disk;
  const UseDisk use(disk);
  Diary diary(file, ignore);
  Session session(diary, some_identity, to_nobody);
  const auto turn = [&](const std::string& said) {
    session.receive(said);
    session.handle_requests();
    session.committed(diary.commit());
    std::string out;
    session.produce(out, 1 << 20);
    return out;
  };
  const std::string first = entry(0, std::string(1000, 'a'));
  const std::string second = entry(1, "二");
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

TEST_CASE("an announcement that comes while an entry is looked for takes nobody's answer") {
  const TemporaryFolder folder;
  const std::string file = folder.path("diary");
  const std::string old = entry(-1, std::string(1 << 19, 'x'));
  write_file(file, old + old + old + old + old + old);  // more than a look-up reads in one turn
  Diary diary(file, ignore);
  Session session(diary, some_identity, to_nobody);
  const std::string late = entry(1);
  session.receive(message(Verb::hi, diary.durable()) + message(Verb::write, 0, late) + message(Verb::ask));
  std::string out;
  for (int turn = 0; turn < 10; ++turn) {
    session.handle_requests();
    session.committed(diary.commit());
    if (turn == 0) CHECK(session.announce(announcement("tea")));
    session.produce(out, 1 << 20);
  }
  const std::size_t announced = out.find(message(Verb::announce, 0, "tea"));
  const std::size_t saved = out.find(message(Verb::saved, 6 * old.size()));
  const std::size_t helped = out.find(message(Verb::help, 0, help_text()));
  CHECK(announced != std::string::npos);
  CHECK(saved != std::string::npos);
  CHECK(helped != std::string::npos);
  CHECK(saved < helped);
}

TEST_CASE_FIXTURE(SessionFixture,
                  "who says nonsense behind a write that is looked for gets both answers, and is done") {
  const std::string looked_for = entry(0, "a\n\nb");  // an empty line inside
  session.receive(message(Verb::write, 0, looked_for) + "nonsense\n");
  std::string out;
  for (int i = 0; i < 5; ++i) out += turn("");
  CHECK(out.starts_with(message(Verb::saved, 0) + "error "));
  CHECK(session.ended());
  CHECK_FALSE(session.busy());
}

TEST_CASE_FIXTURE(SessionFixture, "an answer that is due when a client has quit is broken by a change all the same") {
  write_file(file, std::string(3 << 20, '\n') + one);  // more than is read in one turn
  turn("");
  session.receive(message(Verb::r, 0, "八荣八耻") + message(Verb::quit));
  CHECK(turn("") == "");
  write_file(file, one);
  std::string out;
  for (int i = 0; i < 5; ++i) out += turn("");
  CHECK(out.starts_with("broken "));
  CHECK(out.find("\nbye ") != std::string::npos);
  CHECK(session.ended());
}

TEST_CASE("an entry that is still looked for when the one before it fails, fails as well") {
  const TemporaryFolder folder;
  const std::string file = folder.path("diary");
  const std::string old = entry(-1, std::string(1 << 19, 'x'));
  write_file(file, old + old + old + old + old + old);  // more than a look-up reads in one turn
  FakeDisk disk;
  const UseDisk use(disk);
  Diary diary(file, ignore);
  Session session(diary, some_identity, to_nobody);
  const std::string first = entry(0, "一");
  const std::string second = entry(1, "二");
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

TEST_CASE_FIXTURE(SessionFixture, "a thousand searches that wait hold no memory: all but a few stay unread") {
  session.receive("r");  // into a buffer that another queue may have left, of any size
  const std::size_t before = session.held();
  session.receive(repeated(message(Verb::r, 0, "a word"), 1023).substr(1));
  session.handle_requests();
  CHECK_FALSE(session.wants_input());
  CHECK(session.held() < before + (256 << 10));
  std::string out;
  for (int turns = 0; turns < 3000 && (session.busy() || !session.wants_input()); ++turns) out += turn("");
  std::size_t answers = 0;
  for (std::size_t at = 0; (at = out.find("end 0 ", at)) != std::string::npos; ++at) ++answers;
  CHECK(answers == 1023);
}

TEST_CASE_FIXTURE(SessionFixture,
                  "an announcement is one text for all who follow, and who does not listen is owed a few") {
  Session other{diary, some_identity, to_nobody};
  other.receive(message(Verb::hi));
  other.handle_requests();
  turn(message(Verb::hi));
  const Announcement text = announcement(std::string(max_announcement, 'x'));
  CHECK(session.announce(text));
  CHECK(other.announce(text));
  CHECK(text.use_count() == 3);
  int taken = 1;
  while (taken < 100 && session.announce(text)) ++taken;
  CHECK(taken < 8);
  CHECK(produced().size() == static_cast<std::size_t>(taken) * text->size());
  CHECK(text.use_count() == 2);
  CHECK(session.announce(text));
}

TEST_CASE_FIXTURE(SessionFixture, "who is turned away for what it holds is told, and holds nothing") {
  turn(message(Verb::hi));
  const std::string half = "write 0 1000000\n" + std::string(900'000, 'x');
  session.receive(half);
  session.handle_requests();
  CHECK(session.held() >= half.size());
  session.turn_away("too much");
  CHECK(session.held() < 1024);
  CHECK(produced() == message(Verb::error, 0, "too much"));
  CHECK(session.ended());
}

TEST_CASE("a question without a date is asked on the day that the server's clock shows") {
  struct : Clock {
    WallTime wall() override { return {1'446'038'763'000'000, 480}; }
  } clock;
  const TemporaryFolder folder;
  const std::string file = folder.path("diary");
  write_file(file, entry_on("2015-10-27", "before") + entry_on("2015-10-28", "today"));
  Diary diary(file, ignore);
  Turn turn(clock);
  Session session(diary, some_identity, to_nobody, turn);
  session.receive(message(Verb::r, 0, "today"));
  session.handle_requests();
  std::string out;
  session.produce(out, 1 << 20);
  CHECK(out == message(Verb::found, 0, entry_on("2015-10-28", "today")));
  // The file may have been changed while it was read: the answer is whole once it was looked at again.
  CHECK(diary.check_for_changes() == Diary::Change::none);
  session.handle_requests();
  session.produce(out, 1 << 20);
  const std::string all = read_file(file);
  CHECK(out == message(Verb::found, 0, entry_on("2015-10-28", "today")) + end_of(1, all));
}

TEST_CASE_FIXTURE(SessionFixture, "what is appended in the turn in which a reader asks belongs to his answer") {
  session.receive(message(Verb::r));
  diary.check_for_changes();
  session.handle_requests();
  diary.add(one);  // another client's
  CHECK(diary.commit().saved());
  CHECK(produced() == message(Verb::found, 0, one));
  CHECK(turn("") == end_of(1, one));
}

TEST_CASE_FIXTURE(SessionFixture, "who waits for an answer hears at least every 2 s that it is being looked for") {
  struct SetClock : Clock {
    Steady steady() override { return time; }
    Steady time{};
  } clock;
  std::string text;
  for (int i = 0; i < 8'000; ++i) text += entry(i, std::string(1000, 'x'));
  write_file(file, text);
  diary.check_for_changes();
  Turn its_turn(clock);
  Session patient(diary, some_identity, to_nobody, its_turn);
  patient.greet();
  for (const std::string& asked : {message(Verb::r, 0, "nowhere"), message(Verb::write, 0, entry(9'000))}) {
    CAPTURE(asked);
    std::string out;
    patient.produce(out, 1 << 20);
    patient.receive(asked);
    int alive = 0;
    auto last = clock.time;
    for (bool answered = false; !answered;) {
      patient.changed(diary.check_for_changes(), 0);
      patient.handle_requests();
      patient.committed(diary.commit());
      out.clear();
      patient.produce(out, 1 << 20);
      REQUIRE(clock.time - last <= std::chrono::seconds(2));
      if (!out.empty()) last = clock.time;
      if (out == message(Verb::found)) ++alive;
      answered = !out.empty() && out != message(Verb::found);
      clock.time += std::chrono::milliseconds(600);
    }
    CHECK(alive >= 2);
  }
}

TEST_CASE_FIXTURE(
    Writer, "who only writes hears nothing of the diary, and the same of an entry that is new and one that is not") {
  turn(message(Verb::write, 0, entry(1, "a secret")));
  writer.greet(Rights::write);
  CHECK(said() == "md2 2 " + std::string(version()) + " 0 " + some_identity + "\n");
  const std::string once = writer_turn(message(Verb::write, 0, one));
  CHECK(once == message(Verb::saved, 0));
  CHECK(writer_turn(message(Verb::write, 0, one)) == once);
  CHECK(writer_turn(message(Verb::write, 0, entry(1, "a secret"))) == once);
  write_file(file, read_file(file) + "by hand\n");
  CHECK(writer_turn("").empty());
  CHECK(writer_turn(message(Verb::quit)) == message(Verb::bye, 0, "you asked for it"));
}

TEST_CASE_FIXTURE(Writer, "who only writes makes no corrections, and any other request ends the conversation") {
  writer.greet(Rights::write);
  (void)said();
  const std::string correction = entry(2, "~[2015-10-28 21:26:03.417293+08:00#5f1c09ab] not so");
  CHECK(writer_turn(message(Verb::write, 0, correction)) ==
        message(Verb::refused, 0, "a key that only writes makes no corrections"));
  CHECK(read_file(file).empty());
  for (const std::string& asked : {message(Verb::hi), message(Verb::r), message(Verb::raw), message(Verb::stop),
                                   message(Verb::ask), message(Verb::told), message(Verb::announce, 0, "hello")}) {
    CAPTURE(asked);
    Session other{diary, some_identity, [](std::string_view) { return 1; }};
    other.greet(Rights::write);
    std::string out;
    other.produce(out, 1 << 20);
    out.clear();
    other.receive(asked);
    other.handle_requests();
    other.produce(out, 1 << 20);
    CHECK(out == message(Verb::error, 0, "this key only writes"));
    CHECK(other.ended());
  }
}

TEST_CASE_FIXTURE(Writer, "why the diary fails is the owner's business") {
  writer.greet(Rights::write);
  (void)said();
  FakeDisk disk;
  const UseDisk use(disk);
  disk.room = 0;
  CHECK(writer_turn(message(Verb::write, 0, one)) == message(Verb::failed, 0, "the diary can't take it now"));
}
