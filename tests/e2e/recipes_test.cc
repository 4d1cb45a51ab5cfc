// The recipes of md2client(1), word for word, with the programs that they are for.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "common/os/error.h"
#include "common/os/paths.h"
#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string unescaped(std::string text) {
  const std::pair<std::string, std::string> escapes[] = {{"\\(dq", "\""}, {"\\e", "\\"}};
  for (const auto& [escape, sign] : escapes) {
    for (std::size_t at = text.find(escape); at != text.npos; at = text.find(escape, at + sign.size()))
      text.replace(at, escape.size(), sign);
  }
  return text;
}

/// What a person types who follows the page: its example lines in which all of these words stand.
std::vector<std::string> recipes(const std::vector<std::string>& words) {
  const std::string begin = ".Dl $ ";
  std::vector<std::string> found;
  std::istringstream page(read_file("man/md2client.1"));
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with(begin)) continue;
    line = unescaped(line.substr(begin.size()));
    if (std::ranges::all_of(words, [&](const std::string& word) { return line.find(word) != line.npos; }))
      found.push_back(line);
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

/// The block of the page that begins so.
std::string block(const std::string& begin) {
  const std::string page = read_file("man/md2client.1");
  const std::size_t at = page.find("\n" + begin) + 1;
  REQUIRE(at != 0);
  return unescaped(page.substr(at, page.find(".Ed", at) - at));
}

/// Hostile to whoever quotes by hand.
const std::string tricky = "a \"b\" 'c' \\d\\n $e `f` %s | ; \t#日记\n[第二行";

/// Programs find md2client on PATH.
void prepare(Sandbox& sandbox) {
  sandbox.set("PATH", std::filesystem::absolute(binary("md2client")).parent_path().string() + ":/usr/bin:/bin");
}

const std::string no_databases = "no sanitizer looks into a database";

bool has(const Sandbox& sandbox, const std::string& program) {
  return run(sandbox, {"/bin/sh", "-c", "command -v " + program}).status == 0;
}

Command shell(const std::string& line) {
  return {"/bin/sh", "-c", line};
}

/// Debian keeps them off PATH. Empty when there are none.
std::string programs_of_postgres() {
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (exists(version.path() / "bin/initdb")) return version.path() / "bin";
  }
  return {};
}

/// A folder of the user that PostgreSQL runs as.
struct OwnFolder {
  std::string path = "/tmp/md2-postgres-XXXXXX";

  OwnFolder() {
    if (mkdtemp(path.data()) == nullptr) throw_errno("cannot make a folder");
    const passwd* const user = getuid() == 0 ? getpwnam("postgres") : nullptr;
    if (user != nullptr && chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw_errno("cannot give it away");
  }
  ~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
};

struct Recipes {
  ServedDiary served{"loose 日记\n\n" + entry(1, tricky) + entry(2, "plain") + entry(3, "又一条 #日记")};

  Recipes() {
    prepare(served.sandbox);
    served.sandbox.set("MD2_SERVER", served.server.address_text());
    served.sandbox.set("MD2_KEY", served.sandbox.keys());
  }

  std::string output_of(const std::string& line) const {
    CAPTURE(line);
    const Result result = run(served.sandbox, shell(line));
    CHECK(result.error == "");
    CHECK(result.status == 0);
    return result.output;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Recipes, "recipe: jq prints what is to be done as it is written, and counts days") {
  if (!has(served.sandbox, "jq")) return skip("there is no jq");
  Program follower(served.sandbox, shell(recipes({"--follow", "jq"}).at(0)));
  served.write("buy milk #todo");
  follower.expect("buy milk #todo\n");
  CHECK(output_of(recipes({"jq", "uniq"}).at(0)).find(" 4 2015-10-28\n") != std::string::npos);
}

TEST_CASE("recipe: each entry is an entry of a stream of Redis, to the byte, as it is saved") {
  const PrivateNetwork network;
  if (!network.usable()) return skip("no network of its own is allowed here");
  Sandbox sandbox;
  sandbox.use(network);
  prepare(sandbox);
  if (sanitized()) return skip(no_databases);
  if (!has(sandbox, "redis-server") || !has(sandbox, "redis-cli")) return skip("there is no redis-server");
  make_folders(folder_of(sandbox.diary()));
  write_file(sandbox.diary(), entry(1, tricky));
  Program redis(sandbox, {"redis-server", "--save", "", "--dir", sandbox.folder()});
  redis.expect("eady to accept connections");
  const Program follower(sandbox, shell(recipes({"XADD"}).at(0)));
  CHECK(run(sandbox, {binary("md2client"), "write", "live"}).status == 0);
  // Blocks until the second is there.
  const std::string second =
      run(sandbox, shell("last=$(redis-cli --raw XREAD BLOCK 30000 STREAMS diary 0 | sed -n 2p)\n"
                         "redis-cli --raw XREAD BLOCK 30000 STREAMS diary $last"))
          .output;
  CHECK((second.empty() || second.find("\"text\":\"live\"") != second.npos));
  std::vector<std::string> texts;
  std::istringstream all(run(sandbox, {"redis-cli", "--raw", "XRANGE", "diary", "-", "+"}).output);
  for (std::string line; std::getline(all, line);) {
    if (line.starts_with('{')) texts.push_back(nlohmann::json::parse(line)["text"]);
  }
  CHECK(texts == std::vector<std::string>{tricky, "live"});
}

TEST_CASE_FIXTURE(Recipes, "recipe: PostgreSQL holds each entry to the byte, and finds those of a tag") {
  const std::string programs = programs_of_postgres();
  if (programs.empty()) return skip("there is no PostgreSQL");
  if (sanitized()) return skip(no_databases);
  const OwnFolder folder;
  const auto as_user = [&](Command command) {
    if (getuid() != 0) return command;  // it does not run as root
    command.insert(command.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"});
    return command;
  };
  const Result made =
      run(served.sandbox, as_user({programs + "/initdb", "--pgdata=" + folder.path + "/data", "--auth=trust",
                                   "--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C"}));
  REQUIRE_MESSAGE(made.status == 0, made.error);
  Program postgres(served.sandbox, as_user({programs + "/postgres", "-D", folder.path + "/data", "-k", folder.path,
                                            "-F", "-c", "listen_addresses="}));
  postgres.expect_error("database system is ready to accept connections");
  served.sandbox.set("PGHOST", folder.path);
  served.sandbox.set("PGUSER", "postgres");
  const auto lines = recipes({"psql"});
  REQUIRE(lines.size() == 3);
  CHECK(output_of(lines[0]) == "CREATE TABLE\n");
  CHECK(output_of(lines[1]) == "COPY 4\n");
  CHECK(output_of(lines[2]) == tricky + "\n又一条 #日记\n");
  postgres.signal(SIGINT);
  CHECK(postgres.wait() == 0);
}

TEST_CASE_FIXTURE(Recipes, "recipe: SQLite holds each entry to the byte, and finds a day's") {
  if (!has(served.sandbox, "sqlite3")) return skip("there is no sqlite3");
  const auto lines = recipes({"sqlite3 diary.db"});
  REQUIRE(lines.size() == 2);
  CHECK(output_of(lines[0]) == "");
  CHECK(output_of(lines[1]) == tricky + "\nplain\n又一条 #日记\n");
}

TEST_CASE_FIXTURE(Recipes, "recipe: lnav filters the diary, and follows it at a terminal") {
  if (!has(served.sandbox, "lnav")) return skip("there is no lnav");
  write_file(served.sandbox.path("days"), entry_on("2015-10-29", "下雨 #日记") + entry_on("2015-10-30", "晴"));
  REQUIRE(run(served.sandbox, shell("md2client import days")).status == 0);
  write_file(served.sandbox.path("md2.json"), block("{\"md2_log\""));
  CHECK(run(served.sandbox, shell(recipes({"lnav -i"}).at(0))).status == 0);
  const std::string filtered = output_of(recipes({"lnav", ":filter-in"}).at(0));
  CHECK(filtered.find("下雨") != filtered.npos);
  CHECK(filtered.find("晴") == filtered.npos);
  Screen screen(served.sandbox, shell(recipes({"--follow", "lnav"}).at(0)));
  screen.wait_for("下雨");
  served.write("live");
  screen.wait_for("live");
}

TEST_CASE("the unit of a mirror keeps two diaries of a machine one, both ways") {
  Sandbox sandbox;
  prepare(sandbox);
  make_folders(sandbox.path("config/md2"));
  for (const std::string name : {"home", "work"}) {
    write_file(sandbox.path(name + ".log"), entry(name == "home" ? 1 : 2, "of " + name));
  }
  write_file(sandbox.path("config/md2/config"), fmt::format("[home]\ndiary = {}\n[work]\ndiary = {}\n",
                                                            sandbox.path("home.log"), sandbox.path("work.log")));
  std::string unit = block("[Service]");
  const std::string begin = "ExecStart=";
  unit = unit.substr(unit.find(begin) + begin.size());
  unit = unit.substr(0, unit.find("Restart="));
  for (std::size_t at = unit.find("\\\n"); at != unit.npos; at = unit.find("\\\n")) unit.replace(at, 2, " ");
  const Program mirror(sandbox, shell(unit));
  REQUIRE(run(sandbox, shell("md2client -s home write live")).status == 0);
  for (const std::string name : {"home", "work"}) {
    wait_for_file(sandbox.path(name + ".log"), [](const std::string& diary) {
      return diary.find("of home\n\n") != diary.npos && diary.find("of work\n\n") != diary.npos &&
             diary.find("live\n\n") != diary.npos;
    });
  }
}
