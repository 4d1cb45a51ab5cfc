#include "server/diary/known_end.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

struct KnownEndFixture {
  TemporaryFolder folder;
  std::string path = folder.path("diary");
  DiaryFile file{path};
  KnownEnd known;

  void begin(const std::string& contents) {
    append_by_hand(path, contents);
    known.begin_at(file, file.size());
  }

  /// The owner appends, and it is noticed.
  bool grow(const std::string& bytes) {
    const std::uint64_t before = file.size();
    append_by_hand(path, bytes);
    return known.grow(file, before, file.size());
  }

  std::optional<std::uint64_t> find(const std::string& encoded) const { return known.recent().find(encoded); }
};

const std::string half = entry(7).substr(0, entry(7).size() - 2);  // as an editor leaves the last one

}  // namespace

TEST_CASE_FIXTURE(KnownEndFixture,
                  "the last entries of a file are known, the last of all once something is appended behind it") {
  begin(entries(0, 2) + half);
  CHECK(known.recent().begin() == 0);
  CHECK(find(entry(0)) == 0);
  CHECK(find(entry(1)) == entry(0).size());
  CHECK_FALSE(find(entry(7)));
  known.finish_last(file, file.size());
  CHECK(find(entry(7)) == entries(0, 2).size());
}

TEST_CASE_FIXTURE(KnownEndFixture,
                  "of a file of which only the end is read, what that begins with is not taken for an entry") {
  const std::string header = entry(0, "x").substr(0, header_length);
  const std::string lines = header + "not one\n " + repeated("x", 200'000) + "\n\n";
  begin(entry(0) + lines + entry(1));
  CHECK(known.recent().begin() == (entry(0) + lines).size());
  CHECK_FALSE(find(entry(0)));
  CHECK(find(entry(1)) == (entry(0) + lines).size());
}

TEST_CASE_FIXTURE(KnownEndFixture,
                  "an entry that others append in two pieces is known when it is whole, and as it is then") {
  begin(entry(0));
  const std::string whole = entry(1, "one line\nand one more");
  const std::string shorter = entry(1, "one line");
  REQUIRE(grow(whole.substr(0, shorter.size() - 1)));
  known.finish_last(file, file.size());  // for a moment that was all
  CHECK(find(shorter) == entry(0).size());
  REQUIRE(grow(whole.substr(shorter.size() - 1)));
  CHECK(find(whole) == entry(0).size());
  const std::string all = entry(0) + whole;
  CHECK(known.recent().tail() == all);
}

TEST_CASE_FIXTURE(KnownEndFixture, "what stands before our own append goes on no more") {
  begin(half);
  known.finish_last(file, file.size());
  known.close_at(file.size());
  const std::string ours = "\n\n" + entry(8);
  known.recent().add(half.size() + 2, entry(8));
  append_by_hand(path, ours);
  known.appended(ours, file.size());
  CHECK(known.recent().is_ours(entry(8)));
  CHECK_FALSE(known.recent().is_ours(entry(7)));
  REQUIRE(grow(entry(9)));
  CHECK(find(entry(7)) == 0);
  CHECK(find(entry(9)) == half.size() + ours.size());
}

TEST_CASE_FIXTURE(KnownEndFixture, "more than is read at once is not taken in") {
  begin(entry(0));
  CHECK(grow(entry(1, repeated("x", 500'000))));
  CHECK_FALSE(grow(entry(2, repeated("x", 1 << 20))));
  CHECK_FALSE(find(entry(2, repeated("x", 1 << 20))));
  known.begin_at(file, file.size());
  CHECK(known.recent().begin() == file.size());
}
