// Names for diaries: of servers and of this machine, in the configuration and in the environment.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "common/diary/entry_reader.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/other_program.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

Command client(const Command& more) {
  Command command{binary("md2client")};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

void configure(const Sandbox& user, const std::string& text) {
  fs::create_directories(user.path("config/md2"));
  write_file(user.path("config/md2/config"), text);
}

/// The texts of the entries in a diary file.
Rows texts_in(const std::string& file) {
  EntryReader reader;
  reader.feed(read_file(file));
  reader.finish();
  Rows texts;
  while (const auto item = reader.next()) {
    if (item->time) texts.push_back(item->text());
  }
  return texts;
}

}  // namespace

TEST_CASE("a name stands for a server and its key, and an address stands for itself as ever") {
  ServedDiary served;
  configure(served.sandbox,
            fmt::format("[work]\nserver = {}\nkey = {}\n", served.server.address_text(), served.sandbox.keys()));
  CHECK(run(served.sandbox, client({"-s", "work", "write", "一"})).status == 0);
  CHECK(run(served.sandbox, client({"-s", served.server.address_text(), "-k", served.sandbox.keys(), "write", "二"}))
            .status == 0);
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"一", "二"});
}

TEST_CASE("a name that is not configured is told with those that are, and keeps nothing") {
  const Sandbox user;
  configure(user, "[work]\nserver = a:1\n[home]\ndiary = /nowhere/log\n");
  const Result unknown = run(user, client({"-s", "wrok", "write", "x"}));
  CHECK(unknown.status == 1);
  CHECK(unknown.error == fmt::format("md2client: 'wrok' is no HOST:PORT and no diary in '{}', which names home, work\n",
                                     user.path("config/md2/config")));
  CHECK(read_files(user.state() + "/outbox", ".outbox").empty());
  const Sandbox fresh;
  CHECK(run(fresh, client({"-s", "work", "read"})).error ==
        fmt::format("md2client: 'work' is no HOST:PORT, and there is no '{}' that could name a diary so\n",
                    fresh.path("config/md2/config")));
}

TEST_CASE("a key file of the own diary that is named and is not there is told, and none is made") {
  Sandbox sandbox;
  const std::string key = sandbox.path("mistyped");
  const std::string told = fmt::format("md2client: cannot open key file '{}': No such file or directory\n", key);
  CHECK(run(sandbox, client({"--key=" + key, "write", "x"})).error == told);
  sandbox.set("MD2_KEY", key);
  CHECK(run(sandbox, client({"write", "x"})).error == told);
  CHECK(access(key.c_str(), F_OK) != 0);
}

TEST_CASE("a mistyped line that may have said where a named diary is sends nothing to another") {
  const Sandbox user;
  configure(user, "[dreams]\ndairy = ~/d.log\n[work]\nserver h.example:5000\n[phone]\nstart = -10\n");
  for (const char* const name : {"dreams", "work"}) {
    CAPTURE(name);
    const Result refused = run(user, client({"-s", name, "write", "x"}));
    CHECK(refused.status == 1);
    CHECK(refused.error.find(fmt::format("where the diary '{}' is\n", name)) != std::string::npos);
  }
  CHECK(read_files(user.state() + "/outbox", ".outbox").empty());
  CHECK(run(user, client({"-s", "phone", "write", "mine"})).status == 0);
}

TEST_CASE("advice for what waits for another diary names the one that is meant") {
  Sandbox user;
  configure(user, fmt::format("[gone]\nserver = 127.0.0.1:1\nkey = {0}\n[dreams]\ndiary = {1}\n", user.path("key"),
                              user.path("dreams.log")));
  write_file(user.path("key"), run(user, {binary("md2server"), "--keys=" + user.path("k"), "--new-key=x"}).output);
  std::filesystem::permissions(user.path("key"), std::filesystem::perms::owner_read);
  CHECK(run(user, client({"-s", "gone", "write", "secret"})).status == 75);
  CHECK(run(user, client({"-s", "dreams", "write", "x"})).error.find("instead: md2client -s dreams import FILE") !=
        std::string::npos);
}

TEST_CASE("a wrong line of the configuration is told, and costs no entry") {
  ServedDiary served;
  configure(served.sandbox, fmt::format("[work]\nsevrer = x\nserver = {}\nkey = {}\n", served.server.address_text(),
                                        served.sandbox.keys()));
  const Result written = run(served.sandbox, client({"-s", "work", "write", "一"}));
  CHECK(written.status == 0);
  CHECK(written.error ==
        fmt::format("md2client: {}, line 2: 'sevrer' is none of server, diary, key, start and greeting\n",
                    served.sandbox.path("config/md2/config")));
  CHECK(wait_for_entries(served.sandbox, 1) == Rows{"一"});
}

TEST_CASE("where a line of the configuration does not say a place that can be used, nothing goes to another diary") {
  const Sandbox user;
  for (const std::string place : {"server = nohost", "diary = no/path"}) {
    for (const std::string name : {"work", "default"}) {
      configure(user, fmt::format("[{}]\n{}\n", name, place));
      const Result written = run(user, client({"-s", name, "write", "x"}));
      CHECK(written.status == 1);
      CHECK(written.error.find(fmt::format("says in '{}' where the diary '{}' is\n", user.path("config/md2/config"),
                                           name)) != std::string::npos);
    }
  }
  CHECK_FALSE(fs::exists(user.diary()));
  CHECK(read_files(user.state() + "/outbox", ".outbox").empty());
}

TEST_CASE("a variable stands above the configuration, and an option above both") {
  ServedDiary served;
  const std::string address = served.server.address_text();
  configure(served.sandbox, "[default]\nserver = 127.0.0.1:1\nkey = /nowhere\n[nowhere]\nserver = 127.0.0.1:1\n");
  served.sandbox.set("MD2_KEY", served.sandbox.keys());
  served.sandbox.set("MD2_SERVER", address);
  CHECK(run(served.sandbox, client({"write", "一"})).status == 0);
  served.sandbox.set("MD2_SERVER", "nowhere");
  served.sandbox.set("MD2_KEY", "/nowhere");
  CHECK(run(served.sandbox, client({"-s", address, "-k", served.sandbox.keys(), "write", "二"})).status == 0);
  CHECK(wait_for_entries(served.sandbox, 2) == Rows{"一", "二"});
}

TEST_CASE("two diaries of one machine: each has its server, its keys and its line history, and no entry of the other") {
  const PrivateNetwork network;
  if (!network.usable()) return skip(no_network);
  Sandbox user;
  user.use(network);
  const OtherProgram other(user, OtherProgram::Kind::http, {"127.0.0.1", "5000"});
  configure(user,
            fmt::format("[work]\ndiary = {0}/a folder/work.log\n[dreams]\ndiary = {0}/dreams.log\n", user.folder()));
  std::vector<std::unique_ptr<Program>> writers;
  const std::size_t each = sanitized() ? 8 : 25;
  for (std::size_t i = 0; i < each; ++i) {
    for (const std::string diary : {"work", "dreams"})
      writers.push_back(
          std::make_unique<Program>(user, client({"-s", diary, "write", fmt::format("{} {}", diary, i)})));
  }
  for (const auto& writer : writers) {
    const int status = writer->wait();
    INFO(writer->error());
    CHECK(status == 0);
  }
  const std::string work = user.path("a folder/work.log");
  const std::string dreams = user.path("dreams.log");
  CHECK(texts_in(work).size() == each);
  CHECK(texts_in(dreams).size() == each);
  for (const std::string& text : texts_in(work)) CHECK(text.starts_with("work "));
  for (const std::string& text : texts_in(dreams)) CHECK(text.starts_with("dreams "));
  CHECK(read_file(work + ".lock") != read_file(dreams + ".lock"));
  CHECK_FALSE(fs::exists(user.diary()));

  Screen screen(user, client({"-s", "dreams"}));
  screen.wait_for("I'm diary history");
  screen.enter("梦");
  screen.enter("quit");
  CHECK(screen.wait() == 0);
  CHECK(texts_in(dreams).back() == "梦");
  CHECK(read_file(user.state() + "/history.dreams").find("梦") != std::string::npos);
  CHECK_FALSE(fs::exists(user.state() + "/history"));
}

TEST_CASE("what is shown at the start may be a query; one that is none is told, and the diary is shown") {
  ServedDiary served;
  served.write("八荣八耻");
  configure(served.sandbox, fmt::format("[work]\nserver = {}\nkey = {}\nstart = -1\n", served.server.address_text(),
                                        served.sandbox.keys()));
  {
    Screen screen(served.sandbox, client({"-s", "work"}));
    screen.wait_for_end({"2015-10-28 Wed", "21:26  八荣八耻", "当下>>>"}, prompt_width);
    for (const std::string& row : screen.rows()) CHECK(row != "从前");
    screen.enter("hi");
    screen.wait_for("从前");
  }
  served.sandbox.set("MD2_START", "\"");
  Screen screen(served.sandbox, client({"-s", "work"}), 24, 160);
  screen.wait_for("; this is the whole diary");
  screen.wait_for("从前");
}
