// Whoever reads Chinese is spoken to in Chinese, and everybody else in English.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <regex>

#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"

using namespace md2::test;
namespace fs = std::filesystem;

namespace {

/// What reads like English: two words of letters in a row that are neither a command nor a file of this sandbox.
std::string english_in(const std::string& text) {
  static const std::regex sentence("[A-Za-z']{2,}[,;:.]? [a-z']{2,}");
  static const std::regex command(
      "md2(client|server)( -[-a-z]+)* [a-z]+|chmod [0-9]+|kill -HUP PID|iconv -l|[Cc]trl-[A-Z]");
  const std::string rest = std::regex_replace(text, command, "#");
  std::smatch found;
  return std::regex_search(rest, found, sentence) ? found[0].str() : "";
}

std::string all_of(const Result& result) {
  return result.output + result.error;
}

struct Account {
  Sandbox sandbox;

  explicit Account(const std::string& locale = "zh_CN.UTF-8") { sandbox.set("LANG", locale); }

  Result md2(const Command& more) const {
    Command command{binary("md2client")};
    command.insert(command.end(), more.begin(), more.end());
    return run(sandbox, command);
  }
};

}  // namespace

TEST_CASE("proof: English is found where there is some, and commands and files are none") {
  CHECK(english_in("没有记下：the entry is empty") == "the entry");
  CHECK(english_in("nothing found\n") == "nothing found");
  CHECK(english_in("请运行 md2client import 文件，再 chmod 600 /tmp/a；按 Ctrl-D 离开").empty());
}

TEST_CASE("a fresh Chinese account meets no English sentence from the first start to the end") {
  const Account account;
  Screen screen(account.sandbox, {binary("md2client")}, 50, 100);
  screen.wait_for("新建了一本日记");
  screen.wait_for("还什么都没有写");
  struct Step {
    const char* line;
    const char* answer;
  };
  const Step steps[] = {
      {"exit", "“exit”没有记下"},
      {"?", "看整本日记"},
      {"今天开始写日记 #日记", "当下>>> 今天开始写日记"},
      {"/2015-13", "看不懂查询里的“2015-13”"},
      {"/\"a", "引号没有闭合"},
      {"/#", "标签要有名字"},
      {"/1999", "没有找到"},
      {"/雨|", "两个词、标签或日子之间"},
      {"/标签", "1  #日记"},
      {"/日历", "每天的条数"},
      {"/统计", "个汉字"},
      {"/状态", "待保存"},
      {"/补 25:61 睡了", "一天里没有这个时间"},
      {"/补 昨天", "没有文字"},
      {"/删", "要有查询条件"},
      {"/改 1999", "没有找到"},
      {"hi", "从前的日记"},
  };
  for (const Step& step : steps) {
    CAPTURE(step.line);
    screen.enter(step.line);
    screen.wait_for(step.answer);
    CHECK(english_in(screen.text()) == "");
  }
  screen.enter("/删 -1");
  screen.wait_for("划掉这一条吗？");
  screen.enter("n");
  screen.wait_for("什么也没有划掉");
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(english_in(screen.text()) == "");
}

TEST_CASE("a lost server is told in Chinese, and so is what is kept for it") {
  ServedDiary served;
  served.sandbox.set("LANG", "zh_CN.UTF-8");
  Screen screen(served.sandbox, served.client(), 30, 100);
  wait_for_prompt(screen);
  served.server.kill();
  screen.wait_for("服务器断开了");
  screen.enter("没有服务器也能写");
  screen.wait_for("当下(1)>>>");
  screen.enter("quit");
  CHECK(screen.wait() == 75);
  screen.wait_for("有 1 条记在");
  CHECK(english_in(screen.text()) == "");
}

TEST_CASE("what an English server says is shown in Chinese") {
  ServedDiary served;
  served.sandbox.set("LANG", "zh_CN.UTF-8");
  Screen screen(served.sandbox, served.client(), 30, 100);
  wait_for_prompt(screen);
  CHECK(served.server.stop(SIGTERM) == 0);
  screen.wait_for("服务器断开了：服务器停下了；已存好的不受影响");
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(english_in(screen.text()) == "");
}

TEST_CASE("an import with faults, a wrong option and a name that nobody gave are told in Chinese") {
  const Account account;
  const auto file = [&](const std::string& name, const std::string& text) {
    write_file(account.sandbox.path(name), text);
    return account.sandbox.path(name);
  };
  const std::string controls = file("controls", "[2015-10-28 21:26] 一\n\n[2015-10-28 21:27] 二\x01\n\n三\x7f\n");
  const std::string json =
      file("json", "{\"entries\": [{\"date\": \"2015-10-28\", \"time\": \"21:26\", \"title\": }]}");
  const std::string odd = file("odd", "{\"time\": \"never\", \"text\": \"x\"}\n");
  const std::string gb = file("gb", "\xbd\xf1\xcc\xec\xcf\xc2\xd3\xea\n");
  const std::string dated = file("dated", "3/5/2019\n\n下雨\n\n3/6/2019\n\n晴\n");
  const std::string closed = file("keys", "me:00\n");
  const std::vector<Command> commands = {
      {"import", controls},
      {"import", json},
      {"import", odd},
      {"import", gb},
      {"import", "--dry-run", dated},
      {"import", "--from=word", dated},
      {"import", "--encoding=none", gb},
      {"import", account.sandbox.path("missing")},
      {"import", account.sandbox.folder()},
      {"foo"},
      {"read", "--nope"},
      {"write", "--at"},
      {"write", "--at=never", "x"},
      {"write", "--", ""},
      {"announce"},
      {"delete"},
      {"read", "2015-13"},
      {"-s", "nobody", "read"},
      {"-s", "127.0.0.1:1", "-k", closed, "status"},
      {"-s", "127.0.0.1:port", "status"},
      {"-s", "127.0.0.1:1", "write", "x"},
      {"-s", "127.0.0.1:1", "import", controls},
      {"--outbox=/dev/null/x", "write", "x"},
      {"write", std::string("\x01")},
      {"status"},
      {"read", "--all", "|"},
      {"import", "/dev/null/x"},
      {"delete", "--yes", "1999"},
      {"edit", "1999"},
      {"tags", "1999"},
  };
  for (const Command& command : commands) {
    std::string line;
    for (const std::string& word : command) line += word + ' ';
    CAPTURE(line);
    const std::string said = all_of(account.md2(command));
    CAPTURE(said);
    CHECK_FALSE(said.empty());
    CHECK(english_in(said) == "");
  }
  for (const Command& command : {Command{"--listen=nowhere"}, Command{"--log=/"}, Command{"--new-key=a b"},
                                 Command{"--new-key=a"}, Command{"--new-key=a"}, Command{"--purge"}, Command{"-x"}}) {
    CAPTURE(command[0]);
    Command all{binary("md2server")};
    all.insert(all.end(), command.begin(), command.end());
    const std::string said = all_of(run(account.sandbox, all));
    CAPTURE(said);
    CHECK_FALSE(said.empty());
    CHECK(english_in(said) == "");
  }
}

TEST_CASE("C, an English and an unknown locale give English, and Chinese text as it is") {
  for (const char* const locale : {"C", "C.UTF-8", "en_US.UTF-8", "xx_YY.UTF-8", ""}) {
    CAPTURE(locale);
    const Account account(locale);
    Screen screen(account.sandbox, {binary("md2client")}, 24, 100);
    screen.wait_for("nothing is written yet");
    screen.enter("今天下雨");
    screen.enter("还在下雨");
    screen.enter("/雨");
    screen.wait_for("2 entries on 1 day");
    screen.enter("/2015-13");
    screen.wait_for("cannot understand '2015-13' in the query: there is no month 13");
    CHECK(screen.text().find("当下>>> 今天下雨") != std::string::npos);
    screen.enter("quit");
    CHECK(screen.wait() == 0);
    CHECK(account.md2({"read", "雨"}).output.find("今天下雨\n") != std::string::npos);
  }
}

TEST_CASE(
    "LANGUAGE asks for Chinese where the locale of the C library is only C.UTF-8, and a server hears of it, too") {
  Account account("C.UTF-8");
  account.sandbox.set("LANGUAGE", "zh_CN");
  CHECK(account.md2({"read", "2015-13"}).error.find("没有 13 月") != std::string::npos);
  account.md2({"write", "一"});
  // What a client has started says in its log what it says elsewhere: here that somebody wrote to the file.
  const Account chinese;
  Screen screen(chinese.sandbox, {binary("md2client")}, 24, 100);
  screen.wait_for("还什么都没有写");
  append_by_hand(chinese.sandbox.diary(), "一行\n\n");
  wait_for_file(chinese.sandbox.state() + "/server.log",
                [](const std::string& log) { return log.find("有人手工往日记") != std::string::npos; });
  screen.enter("quit");
  CHECK(screen.wait() == 0);
}

TEST_CASE("installed programs find the catalogue in ../share/locale, and without one they speak English") {
  const Account account;
  const std::string bin = account.sandbox.path("usr/bin");
  const std::string share = account.sandbox.path("usr/share/locale/zh_CN/LC_MESSAGES");
  fs::create_directories(bin);
  fs::create_directories(share);
  fs::copy_file(binary("md2client"), bin + "/md2client");
  CHECK(run(account.sandbox, {bin + "/md2client", "foo"}).error.find("'foo' is no command") != std::string::npos);
  fs::copy_file(binary("locale/zh_CN/LC_MESSAGES/md2.mo"), share + "/md2.mo");
  CHECK(run(account.sandbox, {bin + "/md2client", "foo"}).error.find("没有“foo”这个命令") != std::string::npos);
  write_file(share + "/md2.mo", "broken");
  CHECK(run(account.sandbox, {bin + "/md2client", "foo"}).error.find("'foo' is no command") != std::string::npos);
}

TEST_CASE("where the language is English no catalogue is looked for") {
  for (const char* const locale : {"C", "C.UTF-8", "en_US.UTF-8"}) {
    const Account account(locale);
    const Result traced = run(
        account.sandbox, {"strace", "-e", "trace=openat,open,readlink,stat,access", binary("md2client"), "--version"});
    CHECK(traced.error.find("md2.mo") == std::string::npos);
    if (!sanitized()) CHECK(traced.error.find("/proc/self/exe") == std::string::npos);  // a sanitizer asks for itself
  }
  const Account account;
  const Result traced = run(account.sandbox, {"strace", "-e", "trace=openat,open", binary("md2client"), "--version"});
  CHECK(traced.error.find("md2.mo") != std::string::npos);
}

TEST_CASE("what programs read is the same in every language") {
  const Account account;
  const std::string entry = "[2015-10-28 21:26:03.417293+08:00] 今天 #日记\n\n";
  fs::create_directories(account.sandbox.path("data/md2"));
  write_file(account.sandbox.diary(), entry);
  CHECK(account.md2({"read"}).output == entry);
  CHECK(account.md2({"read", "--json"}).output ==
        "{\"time\":\"2015-10-28T21:26:03.417293+08:00\",\"text\":\"今天 #日记\",\"tags\":[\"日记\"]}\n");
  CHECK(read_file(account.sandbox.diary() + ".id").starts_with("md2 identity 1\nidentity "));
  const ServerProgram server(account.sandbox);  // which waits for its first line
  CHECK(server.address().host == "127.0.0.1");
}
