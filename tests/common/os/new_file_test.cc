#include "common/os/new_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string>

#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// As vfat: no file has two names. With `replaces` a name can't be taken without taking it from somebody, either.
struct DiskWithoutLinks : Disk {
  int link(Path /*from*/, Path /*to*/) override {
    errno = EPERM;
    return -1;
  }
  int rename_new(Path from, Path to) override {
    if (!replaces) return Disk::rename_new(from, to);
    errno = EINVAL;
    return -1;
  }

  bool replaces = false;
};

}  // namespace

TEST_CASE("what is kept lies beside the file, under a new name each time, for its owner alone") {
  const TemporaryFolder folder;
  const std::string path = folder.path("diary");
  std::set<std::string> names;
  for (int i = 0; i < 5; ++i) {
    NewFile file = NewFile::aside(path, "torn");
    file.append(std::to_string(i));
    file.keep();
    names.insert(file.name());
    std::string shape = file.name().substr(path.size());
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::replace_if(shape.begin(), shape.end(), digit, 'd');
    CHECK((shape == ".torn.dddd-dd-ddTdd.dd.dd" || shape == ".torn.dddd-dd-ddTdd.dd.dd.d"));
    CHECK(read_file(file.name()) == std::to_string(i));
    CHECK((std::filesystem::status(file.name()).permissions() & std::filesystem::perms::mask) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
  CHECK(names.size() == 5);
}

TEST_CASE("a piece of another file is copied, up to where that ends") {
  const TemporaryFolder folder;
  const std::string bytes = std::string(300'000, 'a') + std::string(300'000, 'b') + "end";
  write_file(folder.path("diary"), bytes);
  const UniqueFd fd(::open(folder.path("diary").c_str(), O_RDONLY | O_CLOEXEC));
  NewFile file = NewFile::aside(folder.path("diary"), "torn");
  file.append_from(fd.get(), 7, bytes.size());
  file.append_from(fd.get(), bytes.size() - 3, bytes.size() + 100);
  file.keep();
  CHECK(read_file(file.name()) == bytes.substr(7) + "end");
}

TEST_CASE("what was taken out has its name when it is whole, and what a killed process left of it goes") {
  const TemporaryFolder folder;
  write_file(folder.path("diary.torn.new"), "half of");
  NewFile file = NewFile::aside(folder.path("diary"), "torn");
  CHECK(file.name() == folder.path("diary.torn.new"));
  file.append("a whole one");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 1);
  file.keep();
  CHECK(file.name().starts_with(folder.path("diary.torn.2")));
  CHECK(read_file(file.name()) == "a whole one");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 1);
}

TEST_CASE("what is kept twice, because who did it was killed in between, is kept once") {
  const TemporaryFolder folder;
  const std::string path = folder.path("diary");
  const auto keep = [&](const std::string& bytes) {
    NewFile file = NewFile::aside(path, "missing");
    file.append(bytes);
    file.keep();
    CHECK(read_file(file.name()) == bytes);
    return file.name();
  };
  const std::string long_one(300'000, 'x');
  const std::string first = keep("an entry");
  const std::string second = keep(long_one + "1");
  CHECK(keep("an entry") == first);
  CHECK(keep(long_one + "1") == second);
  CHECK(keep(long_one + "2") != second);
  NewFile torn = NewFile::aside(path, "torn");
  torn.append("an entry");
  torn.keep();
  CHECK(torn.name() != first);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 4);
}

TEST_CASE("what was not kept is gone") {
  const TemporaryFolder folder;
  std::string name;
  {
    NewFile file = NewFile::aside(folder.path("diary"), "torn");
    name = file.name();
    CHECK(std::filesystem::exists(name));
  }
  CHECK_FALSE(std::filesystem::exists(name));
  CHECK_THROWS_AS(NewFile::aside(folder.path("no/diary"), "torn"), Error);
}

TEST_CASE("what a killed process left of a replacement goes with the next one under the lock, and only there") {
  const TemporaryFolder folder;
  const std::string path = folder.path("list");
  write_file(path + ".new", "half");
  {
    NewFile made = NewFile::beside_others(path);
    CHECK(made.name() == path + ".new.2");
    made.append("a key");
    made.link(path);
  }
  CHECK(read_file(path) == "a key");
  CHECK(read_file(path + ".new") == "half");
  NewFile next = NewFile::beside(path);
  CHECK(next.name() == path + ".new");
  next.append("whole");
  next.replace(path);
  CHECK(read_file(path) == "whole");
  CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("where a file can't have two names, what is new has its name all the same, and takes nobody's") {
  for (const bool replaces : {false, true}) {
    CAPTURE(replaces);
    const TemporaryFolder folder;
    DiskWithoutLinks without;
    without.replaces = replaces;
    const UseDisk use(without);
    for (const std::string text : {"the first", "the second"}) {
      NewFile made = NewFile::beside_others(folder.path("keys"));
      made.append(text);
      made.link(folder.path("keys"));
    }
    CHECK(read_file(folder.path("keys")) == "the first");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 1);
  }
}
