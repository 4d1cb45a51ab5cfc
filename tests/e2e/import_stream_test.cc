// A stream that is imported, whose end may never come.
#include <doctest/doctest.h>
#include <signal.h>

#include <string>
#include <thread>

#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

struct Stream {
  ServedDiary served;

  Program import(const Command& more = {}) const {
    Command command{"import"};
    command.insert(command.end(), more.begin(), more.end());
    return Program(served.sandbox, served.client(command), Program::Input::pipe);
  }

  std::string diary() const { return read_file(served.sandbox.diary()); }
  std::string outboxes() const { return read_files(served.sandbox.state() + "/outbox", ".outbox"); }

  /// What was put there is on its way, or waits.
  void wait_until_kept(const std::string& entry) const {
    Deadline deadline;
    while (outboxes().find(entry) == std::string::npos && deadline.left() > 0) std::this_thread::yield();
    REQUIRE(outboxes().find(entry) != std::string::npos);
  }

  void wait_until_saved(const std::string& entry) const {
    wait_for_file(served.sandbox.diary(), [&](const std::string& text) { return text.find(entry) != text.npos; });
  }
};

}  // namespace

TEST_CASE_FIXTURE(Stream, "what comes in a stream without a server is kept, and goes out, once, when there is one") {
  served.server.stop(SIGTERM);
  Program stream = import();
  stream.write(entry(1) + entry(2));
  stream.expect_error("; what comes is kept, and goes out when the server is there\n");
  wait_until_kept(entry(2));
  Program again = import({"--from=diary", "-"});
  again.write(entry(1) + entry(2));
  again.close_input();
  CHECK(again.wait() == 75);
  CHECK(again.output() == "0 imported, 2 kept and not yet saved, 0 already in the diary, 0 not imported\n");
  served.server.start();
  stream.expect_error("md2client: the server is there again\n");
  stream.write(entry(3) + entry(1));
  stream.close_input();
  CHECK(stream.wait() == 0);
  CHECK(stream.output() == "3 imported, 1 already in the diary, 0 not imported\n");
  CHECK(run(served.sandbox, served.client()).status == 0);
  CHECK(diary() == first_line + entries(1, 4));
  CHECK(outboxes() == "");
}

TEST_CASE_FIXTURE(Stream,
                  "a stream goes on over a server that is killed, and doubles nothing that others wrote meanwhile") {
  Program stream = import();
  stream.write(entry(1));
  wait_until_saved(entry(1));
  served.server.kill();
  stream.expect_error("; what comes is kept, and goes out when the server is there\n");
  stream.write(entry(2) + entry(3));
  wait_until_kept(entry(3));
  append_by_hand(served.sandbox.diary(), entry(3));
  served.server.start();
  wait_until_saved(entry(2));
  stream.write(entry(4) + correction(1, "x", "y") + correction(2, "x", ""));
  stream.close_input();
  CHECK(stream.wait() == 0);
  CHECK(diary() ==
        first_line + entry(1) + entry(3) + entry(2) + entry(4) + correction(1, "x", "y") + correction(2, "x", ""));
}

TEST_CASE_FIXTURE(Stream,
                  "undated text of a diary's stream waits for the server, and comes in once however often it begins") {
  const std::string mirrored = "loose\n\n" + entry(1);
  CHECK(run(served.sandbox, served.client({"import"}), mirrored).output ==
        "2 imported, 0 already in the diary, 0 not imported\n");
  served.server.stop(SIGTERM);
  const std::string before = diary();
  for (int i = 0; i < 2; ++i) {
    Program stream = import();
    stream.write(mirrored);
    stream.expect_error("; what comes is kept, and goes out when the server is there\n");
    stream.close_input();
    stream.signal(SIGTERM);
    CHECK(stream.wait() == 75);
    CHECK(stream.output() == "0 imported, 1 kept and not yet saved, 0 already in the diary, 1 not imported\n");
    stream.expect_error("line 1: the import was ended before it was known whether the diary holds it\n");
  }
  Program stream = import();
  stream.write(mirrored + entry(2));
  stream.close_input();
  stream.expect_error("; what comes is kept, and goes out when the server is there\n");
  served.server.start();
  CHECK(stream.wait() == 0);
  CHECK(diary() == before + entry(2));
}

TEST_CASE_FIXTURE(Stream, "a signal is the end of a stream: what has ended is saved, and the rest is told") {
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    Program stream = import();
    stream.write(entry(signal, "whole") + entry(100, "first\nsecond").substr(0, 43));
    wait_until_saved(entry(signal, "whole"));
    stream.signal(signal);
    CHECK(stream.wait() == 1);
    CHECK(stream.output() == "1 imported, 0 already in the diary, 1 not imported\n");
    stream.expect_error("line 3: the input ends in the middle of this entry\n");
  }
  CHECK(diary() == first_line + entry(SIGINT, "whole") + entry(SIGTERM, "whole"));
}

TEST_CASE_FIXTURE(Stream, "a signal is the end of a stream whose format is not known yet, too") {
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    Program stream = import();
    stream.write("2019年3月5日\n\n五\n\n2019年3月6日\n\n六");
    wait_until_waiting(stream.pid());
    stream.signal(signal);
    CHECK(stream.wait() == 1);
    CHECK(stream.output() == fmt::format("{} imported, {} already in the diary, 1 not imported\n",
                                         signal == SIGINT ? 1 : 0, signal == SIGINT ? 0 : 1));
    stream.expect_error("line 5: the input ends in the middle of this entry\n");
  }
}

TEST_CASE_FIXTURE(Stream, "a file on standard input is kept without a server, like what comes in a pipe") {
  CHECK(run(served.sandbox, served.client({"write", "x"})).status == 0);  // the diary is known
  served.server.stop(SIGTERM);
  write_file(served.sandbox.path("file"), entry(1));
  Command command{"sh", "-c", "exec \"$@\" <file", "sh"};
  const Command client = served.client({"import"});
  command.insert(command.end(), client.begin(), client.end());
  CHECK(run(served.sandbox, command).status == 75);
  CHECK(outboxes() == entry(1));
}

TEST_CASE_FIXTURE(
    Stream, "of a stream that breaks off in the middle of an entry that one is told and not taken, of a file it is") {
  const std::string half = entry(1, "whole") + "[2015-10-28 21:26:03.417299+08:00] ha";
  const Result result = run(served.sandbox, served.client({"import"}), half);
  CHECK(result.status == 1);
  CHECK(result.error == "md2client: not imported:\n  line 3: the input ends in the middle of this entry\n");
  CHECK(diary() == first_line + entry(1, "whole"));
  write_file(served.sandbox.path("half"), half);
  CHECK(run(served.sandbox, served.client({"import", "half"})).output ==
        "1 imported, 1 already in the diary, 0 not imported\n");
}

TEST_CASE_FIXTURE(Stream, "what was purged is refused and counted, and the stream goes on") {
  served.server.stop(SIGTERM);
  write_file(served.sandbox.diary(), entry(1, "kept") + entry(2, "secret") + correction(2, "secret", ""));
  REQUIRE(run(served.sandbox, {binary("md2server"), "--log=" + served.sandbox.diary(), "--purge"}).status == 0);
  served.server.start();
  Program stream = import();
  stream.write(entry(1, "kept") + entry(2, "secret") + entry(3, "new"));
  wait_until_saved(entry(3, "new"));
  stream.expect_error("md2client: the server refused an entry: what was written at this time was purged");
  stream.write(entry(4, "newer"));
  wait_until_saved(entry(4, "newer"));
  stream.close_input();
  CHECK(stream.wait() == 1);
  CHECK(stream.output() == "2 imported, 1 already in the diary, 1 not imported\n");
  CHECK(diary() == entry(1, "kept") + entry(3, "new") + entry(4, "newer"));
}
