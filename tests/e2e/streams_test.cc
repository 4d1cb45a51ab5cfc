// Standard input, output and error that are closed, full, or read by nobody.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/os/paths.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What shells call the ways to close some of the three.
const std::vector<std::string> closings = {
    "<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-",
};

/// The command with redirections of the shell's.
Command redirected(const Command& command, const std::string& redirections) {
  Command shell{"/bin/sh", "-c", "exec \"$@\" " + redirections, "sh"};
  shell.insert(shell.end(), command.begin(), command.end());
  return shell;
}

/// The texts of a file that holds entries in diary format and not a byte more.
Rows only_entries(const std::string& contents) {
  Rows texts;
  EntryReader reader;
  reader.feed(contents);
  reader.finish();
  while (const auto item = reader.next()) {
    const auto entry = decode(item->raw);
    texts.push_back(entry ? entry->text : "not an entry: " + std::string(item->raw));
  }
  return texts;
}

/// What waits in all of them, sorted.
Rows texts_in_outboxes(const Sandbox& sandbox) {
  Rows texts = only_entries(read_files(sandbox.state() + "/outbox", ".outbox"));
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

TEST_CASE("a server that is started with closed streams keeps a diary of entries and nothing else") {
  for (const std::string& closing : closings) {
    CAPTURE(closing);
    const Sandbox sandbox;
    ServerProgram before(sandbox);
    before.stop(SIGTERM);
    Program server(sandbox, redirected({binary("md2server"), "--listen=" + before.address_text()}, closing));
    const Command write{binary("md2client"), "--server=" + before.address_text(), "write"};
    for (const Deadline deadline; run(sandbox, write, "一").status != 0 && deadline.left() > 0;) {
    }
    server.signal(SIGHUP);  // it says that it has read the keys
    run(sandbox, write, "二");
    server.signal(SIGTERM);
    CHECK(server.wait() == 0);
    Rows texts = only_entries(read_file(sandbox.diary()));
    CHECK(texts.size() >= 2);  // with each attempt before it listened one more was kept
    CHECK(std::count(texts.begin(), texts.end(), "一") + 1 == static_cast<std::ptrdiff_t>(texts.size()));
    CHECK(texts.back() == "二");
  }
}

TEST_CASE("a client that is started with closed streams keeps what it is told, with the status that it has with them") {
  for (const std::string& closing : closings) {
    CAPTURE(closing);
    ServedDiary served("");
    const Command write = redirected(served.client({"write", "二"}), closing);
    served.server.kill();
    CHECK(run(served.sandbox, served.client({"write", "一"})).status == 75);
    CHECK(run(served.sandbox, write).status == 75);
    CHECK(texts_in_outboxes(served.sandbox) == Rows{"一", "二"});
    served.server.start();
    CHECK(run(served.sandbox, write).status == 0);
    CHECK(only_entries(read_file(served.sandbox.diary())) == Rows{"一", "二", "二"});
    CHECK(texts_in_outboxes(served.sandbox) == Rows{});
  }
}

TEST_CASE("a command that writes keeps the entry and its status whatever becomes of what it says") {
  for (const char* trouble : {"2>/dev/full", ">/dev/full", ">/dev/full 2>/dev/full", "2>&1 | true"}) {
    CAPTURE(trouble);
    ServedDiary served("");
    served.server.kill();
    CHECK(run(served.sandbox, served.client({"write", "一"})).status == 75);  // an older outbox, which is told of
    // The status of the first of a pipe is not for its reader to make.
    const auto status_of = [&](const Command& command, const std::string& input = {}) {
      Command shell{"/bin/bash", "-c", std::string("set -o pipefail; \"$@\" ") + trouble, "sh"};
      shell.insert(shell.end(), command.begin(), command.end());
      return run(served.sandbox, shell, input).status;
    };
    CHECK(status_of(served.client({"write", "二"})) == 75);
    CHECK(status_of(served.client(), "三\na\x1b\n四\n") == 75);
    CHECK(texts_in_outboxes(served.sandbox) == Rows{"一", "三", "二", "四"});
    served.server.start();
    CHECK(status_of(served.client({"write", "五"})) == 0);
    write_file(served.sandbox.path("paragraph"), "六\n");
    CHECK(status_of(served.client({"import", "paragraph"})) == 0);
    CHECK(only_entries(read_file(served.sandbox.diary())) == Rows{"一", "二", "三", "四", "五", "六"});
  }
}

TEST_CASE("an answer that could not be printed is a failure, and the lines behind its question are kept") {
  ServedDiary served("");
  served.write("一");
  for (const char* question : {"?", "/-1", "r"}) {
    for (const char* trouble : {">/dev/full", ">&-"}) {
      CAPTURE(question);
      CAPTURE(trouble);
      const Result result =
          run(served.sandbox, redirected(served.client(), trouble), std::string(question) + "\n" + question + "\n二\n");
      CHECK(result.status == 1);
      CHECK(result.error.starts_with("md2client: cannot write to standard output: "));
      CHECK(std::count(result.error.begin(), result.error.end(), '\n') == 1);
    }
  }
  CHECK(run(served.sandbox, redirected(served.client({"read"}), ">/dev/full")).status == 1);
  CHECK(run(served.sandbox, redirected({binary("md2client"), "--help"}, ">/dev/full")).status == 1);
  CHECK(run(served.sandbox, redirected({binary("md2server"), "--version"}, ">&-")).status == 1);
  const Rows texts = only_entries(read_file(served.sandbox.diary()));
  CHECK(std::count(texts.begin(), texts.end(), "二") == 6);
}

TEST_CASE("a reader who leaves is no reason for a word, and what is piped behind the question is kept") {
  ServedDiary served("");
  const std::string much = repeated("日记", 100000);
  served.write(much);
  const auto left = [&](const Command& command, const std::string& input = {}) {
    Command shell{"/bin/bash", "-c", "\"$@\" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", "sh"};
    shell.insert(shell.end(), command.begin(), command.end());
    return run(served.sandbox, shell, input);
  };
  const Result read = left(served.client({"read"}));
  CHECK(read.status == 1);
  CHECK(read.error == "");
  const Result piped = left(served.client(), "r\n二\n");
  CHECK(piped.status == 1);
  CHECK(piped.error == "");
  CHECK(only_entries(read_file(served.sandbox.diary())) == Rows{much, "二"});
}

TEST_CASE("a question that can't be answered does not keep the lines behind it from being kept") {
  ServedDiary served("");
  served.server.kill();
  const Result result = run(served.sandbox, served.client(), "一\n/-1\n二\n");
  CHECK(result.status == 75);
  CHECK(texts_in_outboxes(served.sandbox) == Rows{"一", "二"});
  const std::size_t failed = result.error.find("md2client: the diary can't be read: ");
  REQUIRE(failed != std::string::npos);
  CHECK(result.error.find("2 entries are kept in ") > failed);
}

TEST_CASE("a server whose log or first line nobody takes serves all the same") {
  const Sandbox sandbox;
  ServerProgram before(sandbox);
  before.stop(SIGTERM);
  for (const char* trouble : {">/dev/full 2>/dev/full", "> >(true) 2> >(true)"}) {
    CAPTURE(trouble);
    Program server(sandbox, {"/bin/bash", "-c", std::string("exec \"$@\" ") + trouble, "sh", binary("md2server"),
                             "--listen=" + before.address_text()});
    const Command write{binary("md2client"), "--server=" + before.address_text(), "write", "一"};
    for (const Deadline deadline; run(sandbox, write).status != 0 && deadline.left() > 0;) {
    }
    server.signal(SIGHUP);
    CHECK(run(sandbox, write).status == 0);
    server.signal(SIGTERM);
    CHECK(server.wait() == 0);
  }
}

TEST_CASE("a server whose log nobody takes serves, tells how much was dropped when somebody does, and ends") {
  const Sandbox sandbox;
  ServerProgram server(sandbox);
  REQUIRE(server.stop(SIGTERM) == 0);
  const std::string path = sandbox.path("log");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const UniqueFd log(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  while (::write(log.get(), "x", 1) == 1) {
  }
  server.start({"/bin/sh", "-c", "exec \"$@\" 2>" + path, "sh"});
  WireClient wire(server);
  wire.send(Verb::hi);
  wire.expect(Verb::now);
  constexpr int lines = 3000;  // that are longer together than what waits
  for (int i = 0; i < lines; ++i) server.program().write("tea\n");
  for (int i = 0; i < lines; ++i) CHECK(wire.expect(Verb::announce).text == "tea");
  std::string all;
  const Deadline deadline;
  for (std::string read; all.find("lines of this log were dropped") == std::string::npos; all += read) {
    REQUIRE(wait_readable(log.get(), deadline));
    read.resize(1 << 16);
    read.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(log.get(), read.data(), read.size()), 0)));
  }
  CHECK(all.find(" announced; clients that follow: 1\n") != std::string::npos);
  while (::write(log.get(), "x", 1) == 1) {
  }
  server.program().signal(SIGHUP);
  WireClient later(server);  // the line stands in the log, or waits, when it is greeted
  CHECK(server.stop(SIGTERM) == 0);
  const std::string rest = read_file(sandbox.state() + "/server.log");
  CHECK(rest.ends_with(" the keys were read again\n"));
}
