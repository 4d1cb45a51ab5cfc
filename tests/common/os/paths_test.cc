#include "common/os/paths.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using test::ScopedVariable;

TEST_CASE("the folders are those of the XDG specification") {
  const ScopedVariable home("HOME", "/home/lu");
  {
    const ScopedVariable config("XDG_CONFIG_HOME", nullptr);
    const ScopedVariable data("XDG_DATA_HOME", nullptr);
    const ScopedVariable state("XDG_STATE_HOME", "");
    CHECK(config_folder() == "/home/lu/.config/md2");
    CHECK(data_folder() == "/home/lu/.local/share/md2");
    CHECK(state_folder() == "/home/lu/.local/state/md2");
  }
  const ScopedVariable config("XDG_CONFIG_HOME", "/c");
  const ScopedVariable data("XDG_DATA_HOME", "/d");
  const ScopedVariable state("XDG_STATE_HOME", "/s");
  CHECK(config_folder() == "/c/md2");
  CHECK(data_folder() == "/d/md2");
  CHECK(state_folder() == "/s/md2");
}

TEST_CASE("a relative path in a variable is ignored") {
  const ScopedVariable home("HOME", "/home/lu");
  const ScopedVariable data("XDG_DATA_HOME", "data");
  CHECK(data_folder() == "/home/lu/.local/share/md2");
}

TEST_CASE("without any home there is a clear error") {
  const ScopedVariable home("HOME", nullptr);
  const ScopedVariable data("XDG_DATA_HOME", nullptr);
  CHECK_THROWS_WITH_AS(data_folder(), "neither XDG_DATA_HOME nor HOME is set to a folder", Error);
}

TEST_CASE("missing folders are made for their owner only, and those that exist are left alone") {
  const test::TemporaryFolder folder;
  make_folders(folder.path("a/b/c"));
  for (const char* name : {"a", "a/b", "a/b/c"}) {
    struct stat status = {};
    CAPTURE(name);
    REQUIRE(stat(folder.path(name).c_str(), &status) == 0);
    CHECK(S_ISDIR(status.st_mode));
    CHECK((status.st_mode & 0777) == 0700);
  }
  CHECK_NOTHROW(make_folders(folder.path("a/b/c")));
  CHECK_NOTHROW(make_folders(folder.path("a/b/")));
}

TEST_CASE("a file where a folder should be is named") {
  const test::TemporaryFolder folder;
  test::write_file(folder.path("file"), "x");
  const std::string below = folder.path("file/folder");
  CHECK_THROWS_WITH_AS(make_folders(below), ("cannot make folder '" + below + "': Not a directory").c_str(), Error);
}

TEST_CASE("the folder of a path is what stands before its last slash") {
  CHECK(folder_of("/a/b") == "/a");
  CHECK(folder_of("/a") == "/");
  CHECK(folder_of("a") == ".");
  CHECK(folder_of("a/b") == "a");
}
