// Where the diary is and what waits for it, with real programs.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "common/os/paths.h"
#include "common/os/version.h"
#include "common/text/lines.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What stands behind the label.
std::string fact(const std::string& text, const std::string& label) {
  for (const std::string_view line : Lines(text)) {
    if (line.starts_with(label + ' ')) return std::string(line.substr(10));
  }
  return {};
}

std::string told_identity_of(const Sandbox& sandbox) {
  const std::string note = read_file(sandbox.diary() + ".id");
  const std::size_t at = note.find("identity ", note.find('\n')) + 9;
  return note.substr(at, 32);
}

}  // namespace

TEST_CASE("status tells the server, the key, the diary, what waits, the entries and the versions") {
  ServedDiary served(first_line + entry_on("2015-10-28", "一") + entry_on("2015-10-29", "二"));
  const Result result = run(served.sandbox, served.client({"status"}));
  CHECK(result.status == 0);
  CHECK(result.error == "");
  const std::string own(version());
  CHECK(fact(result.output, "server") == served.server.address_text() + ", md2server " + own);
  CHECK(fact(result.output, "client") == "md2client " + own);
  CHECK(fact(result.output, "key").ends_with(", from " + served.key_file(served.sandbox)));
  CHECK(read_file(served.sandbox.keys())
            .starts_with(fact(result.output, "key").substr(0, fact(result.output, "key").find(',')) + ':'));
  CHECK(fact(result.output, "diary") == "identity " + told_identity_of(served.sandbox));
  CHECK(fact(result.output, "waiting") == "nothing");
  CHECK(fact(result.output, "entries") == "2 on 2 days, and 1 line without a time");
}

TEST_CASE("status of one's own diary names its file") {
  const Sandbox sandbox;
  const Result result = run(sandbox, {binary("md2client"), "status"});
  CHECK(result.status == 0);
  CHECK(fact(result.output, "server").find(", md2server ") != std::string::npos);
  CHECK(fact(result.output, "diary") == sandbox.diary() + ", identity " + told_identity_of(sandbox));
  CHECK(fact(result.output, "entries") == "0");
}

TEST_CASE("without a server status says so, tells what waits, and is 1") {
  const Sandbox sandbox;
  const Command nobody{binary("md2client"), "--server=127.0.0.1:1"};
  make_folders(sandbox.path("config/md2/servers"));
  write_file(sandbox.path("config/md2/servers/127.0.0.1_1"), "mine:" + std::string(64, 'a') + '\n');
  std::filesystem::permissions(sandbox.path("config/md2/servers/127.0.0.1_1"), std::filesystem::perms(0600));
  Command write = nobody;
  write.insert(write.end(), {"write", "later"});
  CHECK(run(sandbox, write).status == 75);
  Command status = nobody;
  status.push_back("status");
  const Result result = run(sandbox, status);
  CHECK(result.status == 1);
  CHECK(fact(result.output, "server").starts_with("127.0.0.1:1, not there: cannot connect to 127.0.0.1:1: "));
  CHECK(fact(result.output, "key") == sandbox.path("config/md2/servers/127.0.0.1_1"));
  CHECK(fact(result.output, "diary") == "not known yet");
  CHECK(fact(result.output, "waiting") == "1 entry for this diary");
  CHECK(fact(result.output, "entries") == "not known");
}

TEST_CASE("status tells of entries that wait for another diary, and what can go out has gone") {
  ServedDiary served;
  Command elsewhere{binary("md2client"), "--server=127.0.0.1:1", "write", "not here"};
  CHECK(run(served.sandbox, elsewhere).status == 75);
  const Result result = run(served.sandbox, served.client({"status"}));
  CHECK(result.status == 0);
  CHECK(fact(result.output, "waiting") == "nothing for this diary; 1 entry for 127.0.0.1:1");
}

TEST_CASE("a diary that would take long to come is not counted for the status, but stats does") {
  constexpr std::size_t lines = (std::size_t{65} << 20) / 1024;
  ServedDiary served(repeated(std::string(1023, 'x') + '\n', lines));
  const Result result = run(served.sandbox, served.client({"status"}));
  CHECK(fact(result.output, "entries") == "not counted, the diary has 65 MiB; stats counts them");
  CHECK(fact(run(served.sandbox, served.client({"stats"})).output, "entries") == "0, and 66,560 lines without a time");
}

TEST_CASE("status with a key that only writes does not ask for the diary") {
  const Sandbox sandbox;
  const std::string keys = sandbox.path("phone");
  const Result made = run(sandbox, {binary("md2server"), "--keys=" + keys, "--new-key=phone", "--write-only"});
  REQUIRE(made.status == 0);
  write_file(keys, made.output);  // alone: as it is on the phone
  const Result result = run(sandbox, {binary("md2client"), "--key=" + keys, "status"});
  CHECK(result.status == 0);
  CHECK(fact(result.output, "key") == "phone+write, from " + keys);
  CHECK(fact(result.output, "entries") == "not known, the key only writes");
}

TEST_CASE("at the prompt and in piped lines the status is the same, with a server and when it has gone") {
  ServedDiary served(first_line + entry_on("2015-10-28", "一"));
  const Result piped = run(served.sandbox, served.client(), "/状态\n");
  CHECK(fact(piped.output, "entries") == "1 on 1 day, and 1 line without a time");
  CHECK(fact(piped.output, "server").starts_with(served.server.address_text()));
  Screen screen(served.sandbox, served.client(), 40, 200);
  screen.wait_for("21:26  一\n");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("/status");
  screen.wait_for_end(
      {"client    md2client " + std::string(version()), "entries   1 on 1 day, and 1 line without a time", "当下>>>"},
      prompt_width);
  served.server.program().signal(15);
  screen.wait_for("the server is gone");
  screen.enter("/状态");
  screen.wait_for(served.server.address_text() + ", not there: ");
  screen.wait_for("entries   not known\n");
}
