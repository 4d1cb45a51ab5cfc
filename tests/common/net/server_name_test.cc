#include "common/net/server_name.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace md2;

TEST_CASE("a server's name is one however it is spelt, and fit for a file") {
  CHECK(server_name("127.0.0.1:5000") == "127.0.0.1_5000");
  for (const char* const same : {"localhost:5000", "LOCALHOST:5000", "LocalHost.:5000", "localhost.:5000"}) {
    CAPTURE(same);
    CHECK(server_name(same) == "localhost_5000");
  }
  for (const char* const old : {"LOCALHOST_5000", "localhost._5000", "localhost_5000"}) {
    CAPTURE(old);
    CHECK(canonical_server_name(old) == "localhost_5000");
  }
}

TEST_CASE("different servers have different names, none with a slash, an @ or a dot in front") {
  std::set<std::string> names;
  const std::set<std::string> servers{"a:1",        "a:11",   "a_1",  "a@b:1",         "../x:5000",    ".:1",
                                      "[::1]:5000", "x%41:1", "xa:1", "/home/A/d.log", "/home/a/d.log"};
  for (const std::string& server : servers) {
    const std::string name = server_name(server);
    CAPTURE(name);
    CHECK(name.find_first_of("/@") == std::string::npos);
    CHECK(name[0] != '.');
    CHECK(shown_server_name(name) == server);
    names.insert(name);
  }
  CHECK(names.size() == servers.size());
}

TEST_CASE("a path of any length is a name that is short enough, and different paths have different ones") {
  const std::string deep = "/" + std::string(3000, 'x');
  std::set<std::string> names;
  for (const std::string& path : {deep + "/a/d.log", deep + "/b/d.log", std::string(900, '/') + "d.log"}) {
    const std::string name = server_name(path);
    CHECK(name.size() <= 180);
    CHECK(name.find('/') == std::string::npos);
    CHECK(name.ends_with("d.log"));
    names.insert(name);
  }
  CHECK(names.size() == 3);
}
