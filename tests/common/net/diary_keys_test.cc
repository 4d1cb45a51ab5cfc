#include "common/net/diary_keys.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "common/net/keys.h"
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

TEST_CASE_FIXTURE(Home, "the default diary keeps its key file, and each other diary has one of its own") {
  CHECK(key_file_of(default_diary()) == shared);
  CHECK(keys.starts_with(folder.path("config/md2/diaries/%2F")));
  CHECK(keys.ends_with("work.log.keys"));
  fs::create_directories(folder.path("data/md2"));
  fs::create_symlink(default_diary(), folder.path("name"));
  write_file(default_diary(), "");
  CHECK(key_file_of(folder.path("name")) == shared);
  const std::set<std::string> files{keys, key_file_of(folder.path("work_log")), key_file_of(folder.path("work/log")),
                                    key_file_of(folder.path("work%2Flog"))};
  CHECK(files.size() == 4);
}

TEST_CASE_FIXTURE(Home, "a diary that nobody can get at is named as it was given") {
  fs::create_symlink("circle", folder.path("circle"));
  const std::string there = folder.path("circle/diary.log");
  CHECK(key_file_of(there).ends_with("circle%2Fdiary.log.keys"));
}

TEST_CASE_FIXTURE(Home, "a path that is longer than a name may be has a file of its own, too") {
  const std::string deep = folder.path(std::string(150, 'a') + "/" + std::string(150, 'b'));
  const std::string deeper = folder.path(std::string(149, 'a') + "c/" + std::string(150, 'b'));
  CHECK(key_file_of(deep) != key_file_of(deeper));
  CHECK(fs::path(key_file_of(deep)).filename().string().size() < 255);
}
