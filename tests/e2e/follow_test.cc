// read --follow: what matches, and then each new entry as it is saved.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "common/os/paths.h"
#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr const char* before = "an old line\n\n";

/// A diary with an entry and its correction, and a client that follows it.
struct Followed {
  ServedDiary served{before + entry(900, "first #x") + correction(900, "first #x", "newer #x")};

  Program follow(Command more = {}) const {
    more.insert(more.begin(), {"read", "--follow"});
    return Program(served.sandbox, served.client(more));
  }

  std::string diary() const { return read_file(served.sandbox.diary()); }
};

/// Of a process, in KiB.
long memory_peak(pid_t pid) {
  const std::string status = read_file("/proc/" + std::to_string(pid) + "/status");
  return std::stol(status.substr(status.find("VmHWM:") + 6));
}

}  // namespace

TEST_CASE_FIXTURE(Followed, "following without a query gives the file byte for byte, and each entry when it is saved") {
  const std::string so_far = diary();
  Program reader = follow();
  CHECK(reader.expect("newer #x\n\n") == so_far);
  for (const std::string text : {"a", "b\n\n[c"}) {
    const std::string shown = reader.expect(served.write(text));
    CHECK(shown == diary());
  }
  append_by_hand(served.sandbox.diary(), "by hand\n");
  reader.expect("by hand\n");
  const std::string correction_of_a = correction(0, "a", "A");
  WireClient other(served.server);
  other.send(Verb::write, 0, correction_of_a);
  reader.expect(correction_of_a);
  CHECK(reader.output() == diary());
  reader.signal(SIGTERM);
  CHECK(reader.wait() == 0);
  CHECK(reader.output() == diary());
  CHECK(reader.error() == "");
}

TEST_CASE_FIXTURE(Followed, "a query chooses among what is there as corrected, and among new entries as they are") {
  Program reader = follow({"#x"});
  reader.expect(correction(900, "first #x", "newer #x"));
  served.write("not this one");
  const std::string one = served.write("this one #x");
  const std::string corrects = correction(900, "first #x", "newest #x", 5);
  reader.expect(one);
  WireClient other(served.server);
  other.send(Verb::write, 0, corrects);
  reader.expect(corrects);
  CHECK(reader.output() == entry(900, "first #x") + correction(900, "first #x", "newer #x") + one + corrects);
  reader.signal(SIGINT);
  CHECK(reader.wait() == 0);
}

TEST_CASE_FIXTURE(Followed, "the last N are those so far, and all new ones follow them") {
  served.write("one");
  served.write("two");
  Program reader = follow({"--json", "-1"});
  reader.expect("\"two\"");
  served.write("three");
  served.write("four");
  reader.expect("\"four\",\"tags\":[]}\n");
  const std::string out = reader.output();
  CHECK(std::count(out.begin(), out.end(), '\n') == 3);
  CHECK(out.find("\"one\"") == out.npos);
}

TEST_CASE_FIXTURE(Followed,
                  "in JSON the beginning is as a person reads it, and a correction that comes says what it is") {
  Program reader = follow({"--json", "#x"});
  reader.expect("\"text\":\"newer #x\",\"tags\":[\"x\"]}\n");
  WireClient other(served.server);
  other.send(Verb::write, 0, correction(900, "first #x", "newest #x", 5));
  const std::string out = reader.expect("\"text\":\"newest #x\",\"tags\":[\"x\"]}\n");
  CHECK(out.find("\"corrects\":\"2015-10-28T21:26:03.418193+08:00\",\"hash\":\"cb298a28\",\"text\":\"newest #x\"") !=
        out.npos);
  CHECK(out.find("first") == out.npos);
}

TEST_CASE_FIXTURE(Followed, "at a terminal following is a page that grows, and Ctrl-C ends it with 0") {
  Screen screen(served.sandbox, served.client({"read", "--follow"}));
  screen.wait_for("newer #x");
  served.write("live");
  screen.wait_for("live");
  screen.type("\x03");
  CHECK(screen.wait() == 0);
}

TEST_CASE_FIXTURE(Followed, "following ends quietly with 0 when its reader does, though nothing is written") {
  const Program reader = follow();
  Command piped{"/bin/sh", "-c", "{ \"$@\"; echo $? >status; } | head -1", "sh"};
  const Command follower = served.client({"read", "--follow"});
  piped.insert(piped.end(), follower.begin(), follower.end());
  const Result result = run(served.sandbox, piped);
  CHECK(result.output == "an old line\n");
  CHECK(result.error == "");
  CHECK(read_file(served.sandbox.path("status")) == "0\n");
}

TEST_CASE_FIXTURE(Followed, "following goes on over a server that is killed, without gap or double") {
  Program file = follow();
  Program json = follow({"--json", "entry"});
  file.expect("newer #x\n\n");
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    served.write("entry before " + number);
    served.server.kill();
    served.server.start();
    served.write("entry behind " + number);
    for (Program* const reader : {&file, &json}) reader->expect("entry behind " + number);
  }
  for (Program* const reader : {&file, &json}) {
    reader->expect_error("the server closed the connection; following goes on when the server is there\n");
    reader->expect_error("md2client: the server is there again\n");
    reader->signal(SIGTERM);
    CHECK(reader->wait() == 0);
  }
  CHECK(file.output() == diary());
  CHECK(std::ranges::count(json.output(), '\n') == 6);
}

TEST_CASE_FIXTURE(Followed, "following begins when the server is there, and tells that it waits") {
  served.server.stop(SIGTERM);
  Program reader = follow();
  reader.expect_error("; following goes on when the server is there\n");
  served.server.start();
  reader.expect("newer #x\n\n");
  reader.expect_error("md2client: the server is there again\n");
}

TEST_CASE_FIXTURE(Followed,
                  "after the owner has changed what was shown, following tells it and gives what comes from then on") {
  Program reader = follow();
  const std::string shown = reader.expect("newer #x\n\n");
  replace_by_hand(served.sandbox.diary(), "another line\n\n" + diary());
  reader.expect_error("md2client: the diary was changed by hand");
  const std::string next = served.write("behind it");
  reader.expect("behind it\n\n");
  CHECK(reader.output() == shown + next);
}

TEST_CASE_FIXTURE(Followed,
                  "another diary at the address is told and not followed, and the first goes on when it is back") {
  const std::string folder = folder_of(served.sandbox.diary());
  Program reader = follow();
  const std::string shown = reader.expect("newer #x\n\n");
  served.server.stop(SIGTERM);
  std::filesystem::rename(folder, folder + ".first");
  make_folders(folder);
  write_file(served.sandbox.diary(), entry(500, "of another diary"));
  served.server.start();
  reader.expect_error("another diary answers at " + served.server.address_text());
  served.server.stop(SIGTERM);
  std::filesystem::remove_all(folder);
  std::filesystem::rename(folder + ".first", folder);
  served.server.start();
  const std::string next = served.write("of the first");
  CHECK(reader.expect("of the first\n\n") == shown + next);
}

TEST_CASE_FIXTURE(Followed, "what somebody announces goes to standard error, and is no part of the diary") {
  Program reader = follow();
  reader.expect("newer #x\n\n");
  served.write("x");
  reader.expect("x\n\n");
  served.announce("power cut at ten");
  reader.expect_error("md2client: *** power cut at ten\n");
  CHECK(reader.output() == diary());
}

TEST_CASE_FIXTURE(Followed, "a key that only writes follows nothing, and compares no stream with the diary") {
  const std::string key = run(served.sandbox, {binary("md2server"), "--new-key=phone", "--write-only"}).output;
  served.server.program().signal(SIGHUP);
  served.server.program().expect_error("read again");
  const Sandbox phone;
  write_file(phone.path("key"), key);
  chmod(phone.path("key").c_str(), 0600);
  for (const Command& command :
       {Command{"read", "--follow"}, Command{"read", "--follow", "--json"}, Command{"import"}}) {
    CAPTURE(command);
    Command client = served.client(command);
    client.insert(client.begin() + 1, "--key=" + phone.path("key"));
    const Result result = run(phone, client, entry(1));
    CHECK(result.status == 1);
    CHECK(result.output == "");
    CHECK(result.error == "md2client: the key 'phone+write' only writes\n");
  }
}

TEST_CASE_FIXTURE(Followed, "without a key there is nothing to follow") {
  const Sandbox stranger;
  const Result result = run(stranger, served.client({"read", "--follow"}));
  CHECK(result.status == 1);
  CHECK(result.output == "");
  CHECK(result.error.find("key") != result.error.npos);
}

TEST_CASE_FIXTURE(Followed, "a reader that takes nothing holds up nobody and costs no memory, and SIGTERM ends it") {
  Program reader = follow();  // what it writes is taken only where it is expected
  reader.expect("newer #x\n\n");
  const long at_first = memory_peak(reader.pid());
  const std::string text(3000, 'x');
  WireClient other(served.server);
  std::uint64_t end = diary().size();  // nothing of it stands before
  for (int i = 0; i < 4000; i += 500) {
    for (int j = i; j < i + 500; ++j) other.send(Verb::write, end, entry(j, text));
    for (int j = i; j < i + 500; ++j) end = other.expect(Verb::saved).number;
  }
  if (!sanitized()) CHECK(memory_peak(reader.pid()) < at_first + (4L << 10));
  reader.signal(SIGTERM);
  const UniqueFd process = watch_process(reader.pid());
  REQUIRE(wait_readable(process.get(), Deadline()));
  CHECK(reader.wait() == 0);
  CHECK(diary().starts_with(reader.output()));
  CHECK(reader.output().ends_with("\n\n"));
}
