#include "server/diary/entries_in.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <string>
#include <utility>
#include <vector>

#include "common/os/unique_fd.h"
#include "tests/support/entries.h"
#include "tests/support/fake_disk.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using md2::test::FakeDisk;
using md2::test::TemporaryFolder;
using md2::test::write_file;

namespace {

using Found = std::vector<std::pair<std::uint64_t, std::string>>;

Found entries_of(std::string_view bytes, std::uint64_t* whole = nullptr) {
  Found found;
  const std::uint64_t end =
      each_entry_in(bytes, 1000, whole == nullptr,
                    [&](std::uint64_t place, const std::string& text) { found.emplace_back(place, text); });
  if (whole != nullptr) *whole = end;
  return found;
}

const std::string header = "[2015-10-28 21:26:03.417293+08:00]";

}  // namespace

TEST_CASE("entries are found with their places, whatever ends their lines, and a note is none") {
  const std::string unix_lines = "a note\n" + header + " one\nits second line\n\n" + header + " two\n\n";
  CHECK(entries_of(unix_lines) == Found{{1007, header + " one\nits second line"}, {1063, header + " two"}});
  const std::string dos_lines = "a note\r\n" + header + " one\r\nits second line\r\n\r\n" + header + " two\r\r\n\r\n";
  CHECK(entries_of(dos_lines) == Found{{1008, header + " one\nits second line"}, {1067, header + " two"}});
}

TEST_CASE("a carriage return inside a line is text") {
  CHECK(entries_of(header + " one\r (corrected)\r\n\r\n") == Found{{1000, header + " one\r (corrected)"}});
  CHECK(entries_of(header + " one\r") == Found{{1000, header + " one"}});
}

TEST_CASE("an entry that may go on is left for the next time") {
  std::uint64_t whole = 0;
  const std::string one = header + " one\r\n\r\n";
  CHECK(entries_of(one + header + " tw", &whole) == Found{{1000, header + " one"}});
  CHECK(whole == 1000 + one.size());
}

TEST_CASE("a ring takes up the end of a file, and no half entry where somebody else is writing it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("diary");
  const std::string saved = test::entry(0) + test::entry(1).substr(0, test::entry(1).size() - 1);
  write_file(path, saved);
  FakeDisk disk;
  const UseDisk use(disk);
  const UniqueFd fd(disk.open(path, O_RDONLY | O_CLOEXEC));
  std::string noted;
  Proof proof;
  const auto look = [&] {
    Proof::Status status = {};
    REQUIRE(disk.stat(fd.get(), status) == 0);
    proof.look(status, {});
  };
  const auto take_up = [&](const char* name) {
    Ring ring(folder.path(name));
    const bool done = take_up_end(ring, fd.get(), saved.size(), proof);
    noted.clear();
    ring.each([&](const Ring::Note& note) { noted += note.bytes; });
    return done;
  };
  look();
  disk.behind_read = [&] { write_file(path, "a note\n" + saved); };
  CHECK_FALSE(take_up("one.ring"));
  CHECK(noted == test::entry(0));
  CHECK_FALSE(take_up("two.ring"));
  CHECK(noted == test::entry(0));
  write_file(path, saved);
  look();
  CHECK(take_up("three.ring"));
  CHECK(noted == test::entry(0) + test::entry(1));
}
