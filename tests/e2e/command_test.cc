// The commands of md2client, its exit status, and the server it starts itself.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <memory>

#include "common/diary/entry_reader.h"
#include "common/os/paths.h"
#include "common/os/version.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;

namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const std::string& diary) {
  Texts texts;
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  while (const auto item = reader.next()) {
    if (item->time) texts.push_back(item->text());
  }
  return texts;
}

Texts entries_of(const Sandbox& sandbox) {
  return texts_of(read_file(sandbox.diary()));
}

Command beside(const Command& more) {
  Command command{binary("md2client")};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

/// An address nobody listens at: the port of a server that has ended.
std::string nobody(const Sandbox& sandbox) {
  ServerProgram server(sandbox);
  server.stop(SIGTERM);
  return server.address_text();
}

}  // namespace

TEST_CASE("write: one entry of its words or of standard input, saved when it exits with 0") {
  ServedDiary served;
  const Sandbox& sandbox = served.sandbox;
  CHECK(run(sandbox, served.client({"write", "今天", "写日记"})).status == 0);
  CHECK(entries_of(sandbox) == Texts{"今天 写日记"});
  CHECK(run(sandbox, served.client({"write"}), "quit\n\n第二段\n").status == 0);
  CHECK(run(sandbox, served.client({"write", "--", "-10", "--help"})).status == 0);
  CHECK(run(sandbox, served.client({"write", "-5°C"})).status == 0);
  CHECK(entries_of(sandbox) == Texts{"今天 写日记", "quit\n\n第二段", "-10 --help", "-5°C"});
}

TEST_CASE("write: nothing is printed, and what can't be an entry is an error with a reason") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client({"write", "x"}));
  CHECK(result.output == "");
  CHECK(result.error == "");
  for (const std::string& bad : {std::string(), std::string(" \n\n"), std::string("a\x1b[2J"), std::string("\xff"),
                                 std::string((1 << 20) + 1, 'x')}) {
    CAPTURE(bad.substr(0, 10));
    const Result refused = run(served.sandbox, served.client({"write"}), bad);
    CHECK(refused.status == 1);
    CHECK(refused.error.starts_with("md2client: not kept: "));
    CHECK(std::count(refused.error.begin(), refused.error.end(), '\n') == 1);
  }
  CHECK(entries_of(served.sandbox) == Texts{"x"});
}

TEST_CASE("write: an entry of 1 MiB goes in and comes out") {
  ServedDiary served;
  const std::string text(1 << 20, 'x');
  CHECK(run(served.sandbox, served.client({"write"}), text + "\n").status == 0);
  CHECK((texts_of(run(served.sandbox, served.client({"read"})).output) == Texts{text}));
}

TEST_CASE("read: to a pipe the diary byte for byte, or what matches") {
  ServedDiary served;
  const std::string first = served.write("一 #晨");
  const std::string second = served.write("二\n[三\n\n四");
  const Result all = run(served.sandbox, served.client({"read"}));
  CHECK(all.status == 0);
  CHECK(all.output == first_line + first + second);
  CHECK(all.error == "");
  CHECK(run(served.sandbox, served.client({"read", "-1"})).output == second);
  CHECK(run(served.sandbox, served.client({"read", "#晨"})).output == first);
  CHECK(run(served.sandbox, served.client({"read", "2015-10", "三"})).output == second);
}

TEST_CASE("read: without a server one clear line, exit 1") {
  Sandbox sandbox;
  const Result result = run(sandbox, beside({"--server=" + nobody(sandbox), "read"}));
  CHECK(result.status == 1);
  CHECK(result.output == "");
  CHECK(result.error.starts_with("md2client: "));
  CHECK(std::count(result.error.begin(), result.error.end(), '\n') == 1);
}

TEST_CASE("import: paragraphs become entries of several lines, an old diary of one-line entries as many") {
  ServedDiary served;
  write_file(served.sandbox.path("DiaryPool.txt"), "八荣八耻\n\n今天开始写日记\n\n\n两行的\n一段\n");
  CHECK(run(served.sandbox, served.client({"import", "DiaryPool.txt"})).status == 0);
  CHECK(entries_of(served.sandbox) == Texts{"八荣八耻", "今天开始写日记", "两行的\n一段"});
  CHECK(run(served.sandbox, served.client({"import"}), "从管道\n").status == 0);
  CHECK(entries_of(served.sandbox).back() == "从管道");
  const Result missing = run(served.sandbox, served.client({"import", "missing.txt"}));
  CHECK(missing.status == 1);
  CHECK(missing.error.find("missing.txt") != std::string::npos);
}

TEST_CASE("import: a backup keeps its times, goes in once, and read is its inverse") {
  ServedDiary served;
  const std::string backup = served.write("一\n[二\n\n三") + served.write("四");
  ServedDiary other;
  for (int i = 0; i < 2; ++i) {
    CAPTURE(i);
    CHECK(run(other.sandbox, other.client({"import"}), backup).status == 0);
    CHECK(read_file(other.sandbox.diary()) == first_line + backup);
  }
}

TEST_CASE("announce: everybody at a prompt sees it") {
  ServedDiary served;
  Screen screen(served.sandbox, served.client());
  wait_for_prompt(screen);
  const Result result = run(served.sandbox, served.client({"announce", "晚饭", "好了"}));
  CHECK(result.status == 0);
  screen.wait_for("*** 晚饭 好了\n");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  CHECK(run(served.sandbox, served.client({"announce", "a\x1b[2J"})).status == 1);
  CHECK(entries_of(served.sandbox) == Texts{});
}

TEST_CASE("piped input means what it would mean if typed, and only answers are printed") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client(), "一\n\n r\n/-1\n?\n二\nquit\n不\n");
  CHECK(result.status == 0);
  CHECK(entries_of(served.sandbox) == Texts{"一", "r", "二"});
  CHECK(result.output.find("] r\n\n") != std::string::npos);
  CHECK(result.output.find("] 一") == std::string::npos);
  CHECK(result.output.find("A paste, or Alt-Enter") != std::string::npos);
  CHECK(result.output.find("当下") == std::string::npos);
  CHECK(result.output.find('\x1b') == std::string::npos);
  CHECK(result.error == "");
}

TEST_CASE("piped lines that are no entries are told, the others are kept, and the status is 1") {
  ServedDiary served;
  const Result result = run(served.sandbox, served.client(), "一\na\x1b[2J\n二\n没有换行");
  CHECK(result.status == 1);
  CHECK(result.error.find("U+001B") != std::string::npos);
  CHECK(result.error.find('\x1b') == std::string::npos);
  CHECK(entries_of(served.sandbox) == Texts{"一", "二", "没有换行"});
}

TEST_CASE("a time that no diary can hold is told before anything is kept, by every command, and the status is 1") {
  ServedDiary served;
  served.sandbox.set("TZ", "XXX-24");  // a time zone whose times no header can hold
  const auto told = [](const Result& result, int times) {
    int count = 0;
    for (std::size_t at = 0; (at = result.error.find("+24:00; are the clock and", at)) != std::string::npos; ++at)
      ++count;
    return result.status == 1 && count == times;
  };
  CHECK(told(run(served.sandbox, served.client({"write", "hello"})), 1));
  const Result imported = run(served.sandbox, served.client({"import"}), "one\n\ntwo\n");
  CHECK(told(imported, 2));
  CHECK(imported.output == "0 imported, 0 already in the diary, 2 not imported\n");
  CHECK(told(run(served.sandbox, served.client(), "one\n/none\ntwo\nthree"), 3));
  CHECK(entries_of(served.sandbox) == Texts{});
  Screen screen(served.sandbox, served.client(), 24, 200);
  wait_for_prompt(screen);
  screen.enter("hello");
  screen.wait_for("+24:00; are the clock and the time zone of this machine right?; the text is in the line history");
  screen.wait_for_end({"当下>>>"}, prompt_width);
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(read_files(served.sandbox.state() + "/outbox", ".outbox") == "");
}

TEST_CASE("without a server an entry is kept, said so, status 75; it goes out with the next run") {
  Sandbox sandbox;
  ServerProgram server(sandbox);
  server.stop(SIGTERM);
  const Command client = beside({"--server=" + server.address_text()});
  Command write = client;
  write.insert(write.end(), {"write", "一"});
  const Result kept = run(sandbox, write);
  CHECK(kept.status == 75);
  CHECK(kept.error.find(sandbox.state()) != std::string::npos);
  CHECK(run(sandbox, client, "二\n三\n").status == 75);
  server.start();
  write.back() = "四";
  CHECK(run(sandbox, write).status == 0);
  CHECK(entries_of(sandbox) == Texts{"一", "二", "三", "四"});
}

TEST_CASE("a wrong usage is told on stderr with status 2; help and version go to stdout with 0") {
  const Sandbox sandbox;
  for (const Command& arguments :
       {Command{"--no-such"}, Command{"announce"}, Command{"no-such-command"}, Command{"--server"}}) {
    CAPTURE(arguments[0]);
    const Result result = run(sandbox, beside(arguments));
    CHECK(result.status == 2);
    CHECK(result.output == "");
    CHECK(result.error.find('\n') + 1 == result.error.size());  // what is wrong stays on the screen
    CHECK(result.error.starts_with("md2client: "));
    CHECK(result.error.find(arguments.back()) != std::string::npos);
  }
  CHECK(run(sandbox, beside({"write", "buy", "-n", "3", "apples"}))
            .error.starts_with("md2client: there is no option '-n'"));
  CHECK(run(sandbox, beside({"-5"})).error.find("'-5'") != std::string::npos);
  const Result help = run(sandbox, beside({"--help"}));
  CHECK(help.status == 0);
  CHECK(help.error == "");
  CHECK(help.output.find("Exit status:") != std::string::npos);
  const Result told = run(sandbox, beside({"--version"}));
  CHECK(told.status == 0);
  CHECK(told.output.find(version()) != std::string::npos);
  CHECK(sandbox.processes().empty());
}

TEST_CASE("a key that is missing, wrong, or can be read by others is told, with status 1 and no retry") {
  ServedDiary served;
  Sandbox stranger;
  const std::string keys = served.key_file(stranger);
  const auto read = [&] { return run(stranger, served.client({"read"})); };
  const Result missing = read();
  CHECK(missing.status == 1);
  CHECK(missing.error.find(keys) != std::string::npos);
  ServerProgram other(stranger);  // makes a key of its own
  const Result wrong = read();
  CHECK(wrong.status == 1);
  CHECK(wrong.output == "");
  CHECK(std::count(wrong.error.begin(), wrong.error.end(), '\n') == 1);
  CHECK(wrong.error.find(keys) != std::string::npos);
  REQUIRE(run(stranger, {"cp", served.sandbox.keys(), keys}).status == 0);
  CHECK(read().output == first_line);
  REQUIRE(run(stranger, {"chmod", "644", keys}).status == 0);
  const Result open = read();
  CHECK(open.status == 1);
  CHECK(open.error.find(keys) != std::string::npos);
}

namespace {

/// Waits until the processes have ended.
void wait_for_end(const std::vector<pid_t>& processes) {
  for (const pid_t pid : processes) {
    const UniqueFd process = watch_process(pid);
    CAPTURE(pid);
    if (process) CHECK(wait_readable(process.get(), Deadline()));
  }
}

}  // namespace

TEST_CASE("with nobody at the default address the client starts the server beside it, which leaves after the last") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  Sandbox sandbox;
  sandbox.use(network);
  Screen first(sandbox, beside({}));
  first.wait_for("diary history");
  first.wait_for_end({"当下>>>"}, prompt_width);
  const auto servers = sandbox.processes("md2server");
  REQUIRE(servers.size() == 1);
  CHECK(run(sandbox, beside({"write", "从别处来"})).status == 0);
  first.wait_for("从别处来");
  CHECK(sandbox.processes("md2server") == servers);
  first.control('C');  // is not for the server
  first.wait_for_end({"当下>>>"}, prompt_width);
  first.enter("自己的");
  first.wait_for_end({"当下>>>"}, prompt_width);
  first.enter("quit");
  CHECK(first.wait() == 0);
  wait_for_end(servers);
  CHECK(entries_of(sandbox) == Texts{"从别处来", "自己的"});
  CHECK(texts_of(run(sandbox, beside({"read"})).output) == Texts{"从别处来", "自己的"});
}

TEST_CASE("clients that start at the same moment end with one server and one key, and every entry") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  for (int round = 0; round < (sanitized() ? 2 : 5); ++round) {
    CAPTURE(round);
    Sandbox sandbox;
    sandbox.use(network);
    {
      std::vector<std::unique_ptr<Screen>> screens(4);
      for (auto& screen : screens) screen = std::make_unique<Screen>(sandbox, beside({}));
      for (auto& screen : screens) screen->wait_for("diary history");
      CHECK(sandbox.processes("md2server").size() == 1);
      for (auto& screen : screens) screen->enter("一");
      wait_for_file(sandbox.diary(), [](const std::string& diary) { return texts_of(diary).size() == 4; });
      for (auto& screen : screens) screen->enter("quit");
      for (auto& screen : screens) CHECK(screen->wait() == 0);
    }
    wait_for_end(sandbox.processes("md2server"));
    const std::string keys = read_file(sandbox.keys());
    CHECK(std::count(keys.begin(), keys.end(), ':') == 1);
  }
}

TEST_CASE("when the server beside the client can't start, its reason is told, and what is written is kept") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  Sandbox sandbox;
  sandbox.use(network);
  make_folders(sandbox.diary());  // a directory in its place
  const Result read = run(sandbox, beside({"read"}));
  CHECK(read.status == 1);
  CHECK(read.error.find(sandbox.diary()) != std::string::npos);
  CHECK(run(sandbox, beside({"write", "一"})).status == 75);
}
