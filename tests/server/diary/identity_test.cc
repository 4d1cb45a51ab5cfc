#include "server/diary/identity.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "common/diary/identity.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;
namespace fs = std::filesystem;

namespace {

const std::string here(32, 'a');   ///< a machine
const std::string there(32, 'b');  ///< another

/// A folder with a diary that has an identity.
struct Identified {
  TemporaryFolder folder;
  std::string diary = folder.path("home/diary");
  std::string file = diary + ".id";
  Identity first;

  Identified() {
    fs::create_directory(folder.path("home"));
    write_file(diary, "从前\n\n");
    first = identify_diary(diary, here);
  }
};

/// A disk on which the machine stops at the n-th call that changes a name.
class StoppingDisk : public Disk {
 public:
  explicit StoppingDisk(int at) : left_(at) {}
  int rename(Path from, Path to) override {
    step();
    return Disk::rename(from, to);
  }
  int fsync(int fd) override {
    step();
    return Disk::fsync(fd);
  }

 private:
  void step() {
    if (--left_ == 0) throw Error("stopped");
  }
  int left_;
};

}  // namespace

TEST_CASE_FIXTURE(Identified, "a diary gets 128 random bits in a private file, and keeps them") {
  CHECK(is_diary_identity(first.id));
  CHECK_FALSE(first.found);
  CHECK(first.formerly.empty());
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const std::string note = read_file(file);
  for (int start = 0; start < 3; ++start) {
    const Identity again = identify_diary(diary, here);
    CHECK(again.id == first.id);
    CHECK(again.found);
  }
  CHECK(read_file(file) == note);
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    fs::remove(file);
    ids.insert(identify_diary(diary, here).id);
  }
  CHECK(ids.size() == 100);
}

TEST_CASE_FIXTURE(Identified, "no save of the owner's changes the identity: by rename, in place, or all of it anew") {
  write_file(folder.path("home/new"), "another text\n");
  fs::rename(folder.path("home/new"), diary);
  CHECK(identify_diary(diary, here).id == first.id);
  write_file(diary, "");
  CHECK(identify_diary(diary, here).id == first.id);
  fs::remove(diary);
  CHECK(identify_diary(diary, here).id == first.id);
}

TEST_CASE_FIXTURE(Identified,
                  "a copied folder gets an identity of its own, and each copy of a copy knows what it was") {
  fs::copy(folder.path("home"), folder.path("copy"));
  const Identity copy = identify_diary(folder.path("copy/diary"), here);
  CHECK(copy.id != first.id);
  CHECK(copy.formerly == std::vector{first.id});
  CHECK(identify_diary(diary, here).id == first.id);
  const Identity known = identify_diary(folder.path("copy/diary"), here);
  CHECK(known.id == copy.id);
  CHECK(known.formerly == copy.formerly);

  fs::copy(folder.path("copy"), folder.path("third"));
  CHECK(identify_diary(folder.path("third/diary"), here).formerly == std::vector{copy.id, first.id});
}

TEST_CASE_FIXTURE(Identified, "a folder that was put back in its place from a copy is a copy") {
  fs::copy(folder.path("home"), folder.path("backup"));
  fs::rename(folder.path("home"), folder.path("old"));  // so that its inodes are not used again
  fs::copy(folder.path("backup"), folder.path("home"));
  CHECK(identify_diary(diary, here).formerly == std::vector{first.id});
}

TEST_CASE_FIXTURE(Identified, "a moved folder, and the same folder on another machine, count as copies") {
  fs::rename(folder.path("home"), folder.path("moved"));
  const Identity moved = identify_diary(folder.path("moved/diary"), here);
  CHECK(moved.formerly == std::vector{first.id});
  const Identity elsewhere = identify_diary(folder.path("moved/diary"), there);
  CHECK(elsewhere.formerly == std::vector{moved.id, first.id});
}

TEST_CASE_FIXTURE(Identified, "the note lies beside the real path: two names of a diary have one identity") {
  fs::create_symlink(diary, folder.path("name"));
  CHECK(identify_diary(disk().real_path(folder.path("name")), here).id == first.id);
  CHECK(identify_diary(disk().real_path(folder.path("home/../home/./diary")), here).id == first.id);
  CHECK_FALSE(fs::exists(folder.path("name.id")));
  CHECK(identify_diary(folder.path("home/other"), here).id != first.id);
}

TEST_CASE_FIXTURE(Identified, "a damaged or unreadable note is never replaced by a new identity: that is told") {
  const std::string note = read_file(file);
  const auto refused = [&](const std::string& text) {
    CAPTURE(text);
    write_file(file, text);
    CHECK_THROWS_WITH_AS(identify_diary(diary, here), doctest::Contains("it is damaged; put it back"), Error);
    CHECK(read_file(file) == text);
  };
  for (std::size_t size = 0; size < note.size(); ++size) refused(note.substr(0, size));
  refused(note + "x");
  refused(std::string(note.size(), '\0'));
  refused(std::string(1 << 20, 'x'));
  fs::remove(file);
  fs::create_directory(file);
  CHECK_THROWS_AS(identify_diary(diary, here), Error);
}

TEST_CASE_FIXTURE(Identified, "stopped at any moment, a diary has its old identity or a whole new one") {
  fs::copy(folder.path("home"), folder.path("copy"));
  const std::string copy = folder.path("copy/diary");
  int stops = 0;
  for (bool stopped = true; stopped; ++stops) {
    CAPTURE(stops);
    write_file(copy + ".id", read_file(file));
    stopped = false;
    StoppingDisk stopping(stops + 1);
    try {
      const UseDisk use(stopping);
      identify_diary(copy, here);
    } catch (const Error&) {
      stopped = true;
    }
    const auto note = parse_identity_note(read_file(copy + ".id"));
    REQUIRE(note);
    if (note->id != first.id) CHECK(note->formerly == std::vector{first.id});
    CHECK(identify_diary(copy, here).formerly.back() == first.id);
    CHECK_FALSE(fs::exists(copy + ".id.new"));
  }
  CHECK(stops > 3);
}

TEST_CASE("a note reads back as it was written, whatever the folder is called, and no more than 32 former ones") {
  IdentityNote note{std::string(32, '1'), here, 18446744073709551615U, "/a b/100%/\n\x7f\t/日记", {}};
  CHECK(parse_identity_note(to_string(note)) == note);
  for (std::size_t i = 0; i < Identity::max_formerly; ++i) note.formerly.emplace_back(32, "0123456789abcdef"[i % 16]);
  CHECK(parse_identity_note(to_string(note)) == note);
  const std::string text = to_string(note);
  note.formerly.emplace_back(32, 'f');
  CHECK_FALSE(parse_identity_note(to_string(note)));
  for (const char* const wrong : {"%", "%4", "%zz", "%-1", "%+1"}) {
    std::string other = text;
    other.replace(other.find("%25"), 3, wrong);
    CAPTURE(wrong);
    CHECK_FALSE(parse_identity_note(other));
  }
}

TEST_CASE("a machine has one name, which does not tell its machine-id") {
  CHECK(is_diary_identity(this_machine()));
  CHECK(this_machine() == this_machine());
  CHECK(read_file("/etc/machine-id").find(this_machine()) == std::string::npos);
}
