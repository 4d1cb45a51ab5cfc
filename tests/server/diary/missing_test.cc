#include "server/diary/missing.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "common/os/unique_fd.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

/// What would be kept of `old`, from `begin` on, if `next` took its place.
std::string missing(const std::string& old, const std::string& next, std::size_t begin = 0) {
  const TemporaryFolder folder;
  write_file(folder.path("old"), old);
  write_file(folder.path("diary"), next);
  const UniqueFd old_fd(::open(folder.path("old").c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd next_fd(::open(folder.path("diary").c_str(), O_RDONLY | O_CLOEXEC));
  const Missing missing = keep_missing(folder.path("diary"), old_fd.get(), begin, old.size(), next_fd.get());
  CHECK((missing.entries == 0) == missing.file.empty());
  if (missing.file.empty()) return {};
  CHECK(missing.file.starts_with(folder.path("diary.missing.")));
  return read_file(missing.file);
}

}  // namespace

TEST_CASE("nothing is missing from a file that holds all, wherever and whatever else") {
  const std::string old = entries(0, 10);
  CHECK(missing(old, old) == "");
  CHECK(missing(old, old + "a note\n") == "");
  CHECK(missing(old, "a note\n\n" + old) == "");
  CHECK(missing(old, entries(5, 10) + "a note\n" + entries(0, 5)) == "");
  CHECK(missing(old, old.substr(0, old.size() - 1)) == "");
  CHECK(missing(old, old.substr(0, old.size() - 2)) == "");
}

TEST_CASE("entries that the new file lacks are kept in their order") {
  const std::string old = entries(0, 10);
  CHECK(missing(old, "") == old);
  CHECK(missing(old, entries(0, 8)) == entries(8, 10));
  CHECK(missing(old, "a note\n\n" + entries(0, 8)) == entries(8, 10));
  CHECK(missing(old, entries(0, 3) + entries(5, 8)) == entries(3, 5) + entries(8, 10));
  CHECK(missing(old, old.substr(0, old.size() - 4)) == entry(9));
}

TEST_CASE("an entry that was changed is kept as it was") {
  std::string next = entries(0, 10);
  next.replace(next.find("第4条"), 5, "第四条");
  CHECK(missing(entries(0, 10), next) == entry(4));
}

TEST_CASE("only what the server wrote itself is looked for") {
  const std::string before = entries(0, 5);
  CHECK(missing(before + entries(5, 10), "", before.size()) == entries(5, 10));
  CHECK(missing(before + "a note\n\n" + entry(5), "", before.size()) == entry(5));
}

TEST_CASE("more entries than are looked for at once") {
  const std::string old = entries(0, 150'000);
  CHECK(missing(old, "a note\n" + entries(1, 149'999)) == entry(0) + entry(149'999));
}
