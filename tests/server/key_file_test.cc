#include "server/key_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/net/diary_keys.h"
#include "common/net/keys.h"
#include "server/diary/whereabouts.h"
#include "tests/support/files.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

struct Home {
  TemporaryFolder folder;
  ScopedVariable config{"XDG_CONFIG_HOME", folder.path("config").c_str()};
  ScopedVariable data{"XDG_DATA_HOME", folder.path("data").c_str()};
  std::string shared = default_key_file();
  std::string diary = folder.path("work.log");
  std::string keys = key_file_of(diary);
};

}  // namespace

TEST_CASE_FIXTURE(Home, "a diary that was served before takes over the keys of then, once; a new one gets its own") {
  add_key(shared, "tablet");
  take_over_keys(diary, keys);
  CHECK_FALSE(fs::exists(keys));
  write_file(diary, "从前\n\n");
  take_over_keys(diary, keys);
  CHECK(read_file(keys) == read_file(shared));
  struct stat status = {};
  REQUIRE(stat(keys.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  add_key(shared, "phone");
  take_over_keys(diary, keys);
  CHECK(read_file(keys) != read_file(shared));

  fs::remove(keys);
  write_file(diary + ".id", "");  // it has been served since
  take_over_keys(diary, keys);
  CHECK_FALSE(fs::exists(keys));
}

TEST_CASE_FIXTURE(Home, "a diary keeps its keys when a file takes the place of the link that its name was") {
  add_key(shared, "phone");
  const std::string real = folder.path("real.log");
  write_file(real, "从前\n\n");
  fs::create_symlink(real, diary);
  const std::string before = key_file_of(diary);
  add_key(before, "tablet");
  write_file(real + ".id", "");
  Whereabouts(diary).lead_to(real);
  fs::remove(diary);
  write_file(diary, "从前\n\n");
  CHECK(key_file_of(diary) == keys);
  take_over_keys(diary, keys);
  CHECK(read_file(keys).find("tablet") != std::string::npos);
  CHECK_FALSE(fs::exists(before));  // or who is shut out by the one would be let in by the other
}
