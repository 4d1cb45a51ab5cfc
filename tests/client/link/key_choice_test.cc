#include "client/link/key_choice.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

struct KeyChoiceFixture {
  TemporaryFolder folder;
  std::string shared = folder.path("keys");
  std::string own = folder.path("servers/a_1");
  KeyChoice choice{{"a", "1"}, own, shared};

  static void write_keys(const std::string& path, const std::string& names) {
    std::string text;
    for (const char name : names) text += std::string(1, name) + ":" + std::string(64, name) + "\n";
    fs::create_directories(fs::path(path).parent_path());
    write_file(path, text);
    REQUIRE(chmod(path.c_str(), 0600) == 0);
  }
};

}  // namespace

TEST_CASE_FIXTURE(KeyChoiceFixture, "a server with a key file of its own is offered nothing else") {
  write_keys(shared, "abc");
  write_keys(own, "d");
  CHECK(choice.current().identity == "d");
  CHECK_FALSE(choice.next());
  CHECK(choice.current().identity == "d");
  CHECK(choice.advice() == "");
}

TEST_CASE_FIXTURE(KeyChoiceFixture,
                  "without one the lines of all servers are tried, and the one that opens is copied there") {
  write_keys(shared, "abc");
  CHECK(choice.current().identity == "a");
  CHECK(choice.next());
  const Key key = choice.current();
  CHECK(key.identity == "b");
  choice.opened(key);
  CHECK(read_file(own) == "b:" + std::string(64, 'b') + "\n");
  struct stat status = {};
  REQUIRE(stat(own.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  for (int i = 0; i < 2; ++i) {
    CHECK(choice.current().identity == "b");
    CHECK_FALSE(choice.next());
  }
  CHECK(KeyChoice({"a", "1"}, own, shared).current().identity == "b");
}

TEST_CASE_FIXTURE(KeyChoiceFixture,
                  "a server that takes none of them leaves no file, and it is said where its key belongs") {
  write_keys(shared, "ab");
  for (const bool more : {true, false}) {
    choice.current();
    CHECK(choice.next() == more);
  }
  CHECK_FALSE(fs::exists(own));
  CHECK(choice.advice().find(own) != std::string::npos);
}

TEST_CASE_FIXTURE(KeyChoiceFixture, "without any key it is said where this server's belongs, and its folder is there") {
  CHECK_THROWS_WITH_AS(choice.current(), doctest::Contains(own.c_str()), Error);
  CHECK(fs::is_directory(folder.path("servers")));
  write_keys(own, "");
  write_keys(shared, "a");
  CHECK_THROWS_AS(choice.current(), Error);  // an empty file is one: its owner took the line out
}

TEST_CASE_FIXTURE(KeyChoiceFixture, "a key that was named is used as it is, and copied nowhere") {
  write_keys(shared, "a");
  KeyChoice named({"a", "1"}, shared, "");
  named.opened(named.current());
  CHECK(read_file(shared) == "a:" + std::string(64, 'a') + "\n");
  CHECK_FALSE(fs::exists(folder.path("servers")));
}

TEST_CASE_FIXTURE(KeyChoiceFixture, "whatever key was taken before, all are tried when it is taken no more") {
  write_keys(own, "abc");
  const auto offered = [&] {
    std::string names = choice.current().identity;
    while (choice.next()) names += choice.current().identity;
    return names;
  };
  CHECK(offered() == "abc");
  CHECK(offered() == "abc");
  CHECK(choice.current().identity == "a");
  CHECK(choice.next());
  choice.current();
  choice.taken();
  CHECK(offered() == "bca");
  CHECK(choice.current().identity == "b");
}
