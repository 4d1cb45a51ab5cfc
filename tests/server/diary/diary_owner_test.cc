// What the owner does to the diary while the server has it open: server/diary/diary.h, check_for_changes().

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

#include "tests/server/diary/diary_fixture.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;

TEST_CASE_FIXTURE(DiaryFixture, "what the owner left at the end stays, and an entry begins after an empty line") {
  const std::pair<std::string, std::string> cases[] = {
      {"note", "\n\n"},
      {"note\n", "\n"},
      {"note\n\n", ""},
      {"\n", ""},
      {"", ""},
      {"\n\n\n", ""},
      {"a\r\n\r\n", "\n"},
      {"a\r\n", "\n"},
      {"n\xe4", "\n\n"},
      {"[todo", "\n\n"},
      {std::string("a\0b", 3), "\n\n"},
      {entry(0).substr(0, entry(0).size() - 1), "\n"},
  };
  for (const auto& [before, newlines] : cases) {
    const std::string& text = before;
    CAPTURE(text);
    open(text);
    CHECK(contents() == text + newlines);
    CHECK(append(entry(1)).saved());
    CHECK(contents() == text + newlines + entry(1));
    CHECK(kept("torn").empty());

    open(entry(0));
    append_by_hand(file, text);
    CHECK_FALSE(changed());
    CHECK(read_all() == entry(0) + text);
    const std::string added = text.empty() || text == "\n" ? "" : newlines;
    CHECK(diary->add(entry(1)) == entry(0).size() + text.size() + added.size());
    CHECK(diary->commit().saved());
    CHECK(contents() == fmt::format("{}{}{}{}", entry(0), text, added, entry(1)));
    CHECK(reports.size() == (text.empty() ? 0 : 1));
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "looking at a diary that nobody touched finds nothing") {
  open(entry(0));
  const int syncs = disk.syncs;
  CHECK_FALSE(changed());
  CHECK(append(entry(1)).saved());
  CHECK_FALSE(changed());
  CHECK(reports.empty());
  CHECK(disk.syncs == syncs + 1);
}

TEST_CASE_FIXTURE(DiaryFixture, "a file that an editor put in place of the diary is the diary from then on") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  replace_by_hand(file, "edited\n" + contents());
  CHECK(changed());
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(changed());
  CHECK(append(entry(2)).saved());
  CHECK(contents() == "edited\n" + entries(0, 3));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find("replaced") != std::string::npos);
  CHECK(kept("missing").empty());
}

TEST_CASE_FIXTURE(DiaryFixture, "a new file without an ending is not cut: the editor may still be writing it") {
  open(entry(0));
  const std::string half = entry(0) + entry(1).substr(0, 50);
  replace_by_hand(file, half);
  CHECK(changed());
  CHECK(contents() == half);
  CHECK(append(entry(2)).saved());
  CHECK(contents() == half + "\n\n" + entry(2));
}

TEST_CASE_FIXTURE(DiaryFixture, "entries saved while the editor was open and not in its file are kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  const std::string loaded = contents();
  CHECK(append(entry(2)).saved());
  CHECK(append(entry(3)).saved());
  replace_by_hand(file, "edited\n" + loaded);
  CHECK(changed());
  CHECK(read_file(kept("missing")) == entries(2, 4));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find(kept("missing")) != std::string::npos);
  // The next replacement is compared with the new file only.
  std::filesystem::remove(kept("missing"));
  replace_by_hand(file, "");
  CHECK(changed());
  CHECK(kept("missing").empty());
}

TEST_CASE_FIXTURE(DiaryFixture, "a diary that was removed is made again, and what was saved meanwhile is kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  std::filesystem::remove(file);
  CHECK(changed());
  CHECK(diary->durable() == 0);
  CHECK(read_file(kept("missing")) == entry(1));
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(append(entry(2)).saved());
  CHECK(contents() == entry(2));
}

TEST_CASE_FIXTURE(DiaryFixture, "after a cut the end is where it is now, and no gap is filled") {
  open(entries(0, 3));
  const std::uint64_t size = entry(0).size() + 20;
  std::filesystem::resize_file(file, size);
  CHECK(changed());
  CHECK(diary->durable() == size);
  CHECK(append(entry(4)).saved());
  CHECK(contents() == entries(0, 2).substr(0, size) + "\n\n" + entry(4));
  REQUIRE(reports.size() == 1);
  CHECK_FALSE(changed());
}

TEST_CASE_FIXTURE(DiaryFixture, "a diary written anew in place is noticed, shorter or longer") {
  for (const std::string& next : {std::string("short\n"), "edited\n" + entries(0, 2), entries(5, 20)}) {
    CAPTURE(next);
    open(entries(0, 2));
    CHECK(append(entry(2)).saved());
    write_file(file, next);
    CHECK(changed());
    CHECK(diary->durable() == next.size());
    CHECK(reports.size() == 1);
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "the last entries that an editor wrote over in place are kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  const std::string loaded = contents();
  CHECK(append(entry(2)).saved());
  write_file(file, "edited\n" + loaded);
  CHECK(changed());
  CHECK(read_file(kept("missing")) == entry(2));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].find(kept("missing")) != std::string::npos);
}

TEST_CASE_FIXTURE(DiaryFixture, "of what was written over in place, the last 128 KiB are remembered in whole entries") {
  open();
  const std::string text(1000, 'x');
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    diary->add(entry(i, text));
    all += entry(i, text);
    if (i % 7 == 0) diary->commit();
  }
  CHECK(diary->commit().saved());
  write_file(file, "");
  CHECK(changed());
  const std::string missing = read_file(kept("missing"));
  CHECK(missing.size() > 126 * 1024);
  CHECK(missing.size() < 300 * 1024);
  CHECK(all.ends_with("\n\n" + missing));
}

TEST_CASE_FIXTURE(DiaryFixture, "additions by hand are told once, until the next entry") {
  open(entry(0));
  for (int i = 0; i < 5; ++i) {
    append_by_hand(file, "note\n");
    CHECK_FALSE(changed());
  }
  CHECK(reports.size() == 1);
  CHECK(append(entry(1)).saved());
  append_by_hand(file, "note\n");
  CHECK_FALSE(changed());
  CHECK(reports.size() == 2);
}

TEST_CASE_FIXTURE(DiaryFixture, "what is written by hand between look and commit shifts the entry, and that is said") {
  open(entry(0));
  CHECK_FALSE(changed());
  const std::uint64_t at = diary->add(entry(1));
  append_by_hand(file, "note\n\n");
  const Diary::Commit commit = diary->commit();
  CHECK(commit.saved());
  CHECK(commit.place_of(at) == at + 6);
  CHECK(contents().substr(at + 6) == entry(1));
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(changed());
}

TEST_CASE_FIXTURE(DiaryFixture, "a cut between look and commit is found by the next look") {
  open(entries(0, 2));
  CHECK_FALSE(changed());
  const std::uint64_t at = diary->add(entry(2));
  std::filesystem::resize_file(file, entry(0).size());
  const Diary::Commit commit = diary->commit();
  CHECK(commit.saved());
  CHECK(contents().substr(commit.place_of(at)) == entry(2));
  CHECK(changed());
  CHECK_FALSE(changed());
}

TEST_CASE_FIXTURE(DiaryFixture, "a failed append takes nothing of the owner's with it") {
  open(entry(0));
  diary->add(entry(1));
  append_by_hand(file, "note\n\n");
  disk.room = 5;
  CHECK_FALSE(diary->commit().saved());
  CHECK(contents() == entry(0) + "note\n\n");
}

TEST_CASE_FIXTURE(DiaryFixture, "a directory in place of a diary that was open ends the server with an error") {
  open(entry(0));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  CHECK_THROWS_AS(diary->check_for_changes(), Error);
}
