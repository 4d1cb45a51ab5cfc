// What the owner does to the diary while the server has it open: server/diary/diary.h, check_for_changes().

#include <doctest/doctest.h>
#include <fcntl.h>
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
  REQUIRE(reports.size() == 2);
  CHECK(reports[1].find(kept("missing")) != std::string::npos);
  CHECK(diary->untold().text() == reports[1] + "\n");
  // What is gone was told; what the new file holds is looked for when that is replaced in turn.
  std::filesystem::remove(kept("missing"));
  replace_by_hand(file, "");
  CHECK(changed());
  CHECK(read_file(kept("missing")) == entries(0, 2));
}

TEST_CASE_FIXTURE(DiaryFixture, "a diary that was removed is made again, and what was saved meanwhile is kept") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  std::filesystem::remove(file);
  CHECK_FALSE(changed());
  CHECK(diary->waits_for_name());
  CHECK_FALSE(diary->has_room());
  CHECK_FALSE(std::filesystem::exists(file));
  clock.steady_now += std::chrono::seconds(1);
  CHECK(changed());
  CHECK(diary->has_room());
  CHECK(diary->durable() == 0);
  CHECK(read_file(kept("missing")) == entries(0, 2));
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
  REQUIRE(reports.size() == 2);
  CHECK(read_file(kept("missing")) == entries(1, 3));
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
    CHECK(reports.size() == 2);
    CHECK(read_file(kept("missing")) == (next.find(entry(1)) == std::string::npos ? entries(0, 3) : entry(2)));
    std::filesystem::remove(kept("missing"));
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
  REQUIRE(reports.size() == 2);
  CHECK(reports[1].find(kept("missing")) != std::string::npos);
}

TEST_CASE_FIXTURE(DiaryFixture, "of what was written over in place, the last mebibyte is remembered in whole entries") {
  open();
  const std::string text(1000, 'x');
  std::string all;
  for (int i = 0; i < 8000; ++i) {
    diary->add(entry(i, text));
    all += entry(i, text);
    if (i % 7 == 0) diary->commit();
  }
  CHECK(diary->commit().saved());
  write_file(file, "");
  CHECK(changed());
  const std::string missing = read_file(kept("missing"));
  CHECK(missing.size() > std::size_t{1} << 20);
  CHECK(missing.size() < Ring::capacity);
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
  const Commit commit = diary->commit();
  CHECK(commit.saved());
  CHECK(commit.place_of(at) == at + 6);
  CHECK(contents().substr(at + 6) == entry(1));
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(changed());
}

TEST_CASE_FIXTURE(DiaryFixture, "a cut between look and commit is found, and the entry is added once more") {
  open(entries(0, 2));
  CHECK_FALSE(changed());
  diary->add(entry(2));
  std::filesystem::resize_file(file, entry(0).size());
  CHECK(diary->commit().state == Commit::State::again);
  CHECK(contents() == entry(0));
  CHECK(changed());
  CHECK(append(entry(2)).saved());
  CHECK(contents() == entry(0) + entry(2));
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

TEST_CASE_FIXTURE(DiaryFixture, "a save of equal size is noticed, though it came right behind an entry of ours") {
  open(entry(0));
  CHECK(append(entry(1, "ok")).saved());
  std::string buffer = contents();
  buffer.replace(buffer.rfind("ok"), 2, "no");
  write_file(file, buffer);
  // As if the stamp of our own append were that of the save.
  struct stat status = {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  const timespec times[2] = {status.st_atim, status.st_mtim};
  CHECK(append(entry(2)).saved());
  write_file(file, buffer + entry(2));
  REQUIRE(utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
  CHECK(changed());
  CHECK(read_file(kept("missing")) == entry(1, "ok"));
}

TEST_CASE_FIXTURE(DiaryFixture, "what an owner's save took out between two servers is kept by the next one, and told") {
  open(entry(0));
  const std::string buffer = contents();
  CHECK(append(entry(1)).saved());
  diary.reset();
  replace_by_hand(file, buffer + "of the owner\n");
  reports.clear();
  open();
  CHECK(contents() == buffer + "of the owner\n\n");
  CHECK(read_file(kept("missing")) == entry(1));
  CHECK(diary->untold().text().find(kept("missing")) != std::string::npos);
  reports.clear();
  open();
  CHECK(reports.empty());
  CHECK(diary->untold().text().find(kept("missing")) != std::string::npos);
  diary->untold().told(diary->untold().version());
  CHECK(open().untold().text().empty());
}

TEST_CASE_FIXTURE(DiaryFixture, "what is saved where the name has come to lead is guarded there") {
  open(entry(0));
  std::filesystem::create_directory(folder.path("elsewhere"));
  const std::string there = folder.path("elsewhere/diary");
  std::filesystem::rename(file, there);
  std::filesystem::create_symlink(there, file);
  CHECK_FALSE(changed());
  CHECK(append(entry(1)).saved());
  CHECK_FALSE(std::filesystem::exists(file + ".ring"));
  diary.reset();
  write_file(there, entry(0));
  open();
  CHECK(read_file(kept("missing")) == entry(1));
  std::filesystem::remove(there + ".ring");
  replace_by_hand(there, entry(2));
  CHECK(changed());
  CHECK(std::filesystem::exists(there + ".ring"));
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "the last copy of what is missing stays until it is on disk, and nothing is written before") {
  open(entry(0));
  const std::string buffer = contents();
  CHECK(append(entry(1)).saved());
  disk.full_for = ".missing.";
  replace_by_hand(file, buffer);
  CHECK(changed());
  CHECK(kept("missing").empty());
  diary->add(entry(2));
  CHECK(diary->commit().state == Commit::State::failed);
  disk.full_for.clear();
  clock.steady_now += std::chrono::seconds(2);
  diary->check_for_changes();
  CHECK(read_file(kept("missing")) == entry(1));
  diary->add(entry(2));
  CHECK(diary->commit().saved());
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry begins a line, though the owner writes between look and write") {
  for (const std::string& note : {std::string("note"), std::string("note\n"), std::string("note\n\n")}) {
    CAPTURE(note);
    open(entry(0));
    CHECK_FALSE(changed());
    const std::uint64_t first = diary->add(entry(1));
    const std::uint64_t second = diary->add(entry(2));
    append_by_hand(file, note);
    const Commit commit = diary->commit();
    REQUIRE(commit.saved());
    CHECK(contents().starts_with(entry(0) + note));
    for (const auto& [place, text] :
         {std::pair{commit.place_of(first), entry(1)}, {commit.place_of(second), entry(2)}}) {
      CHECK(contents().substr(place).starts_with(text));
      CHECK(contents()[place - 1] == '\n');
    }
    CHECK_FALSE(changed());
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "an owner's entry without an ending, added while no server runs, stays where it is") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  diary.reset();
  const std::string his = entry(2).substr(0, entry(2).size() - 2);
  append_by_hand(file, his);
  open();
  CHECK(contents() == entries(0, 2) + his + "\n\n");
  CHECK(kept("torn").empty());
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry that the owner appended himself is known, and is not appended once more") {
  open(entry(0));
  append_by_hand(file, entry(1) + entry(2));
  CHECK(diary->check_for_changes() == Diary::Change::added);
  CHECK(diary->unchanged_up_to() == entry(0).size());
  CHECK(diary->find_recent(entry(1)) == entry(0).size());
  CHECK(diary->find_recent(entry(2)) == entries(0, 2).size());
  CHECK_FALSE(diary->find_recent(entry(3)));
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry that the owner appends between look and write is not there twice") {
  open(entry(0));
  diary->add(entry(1));
  append_by_hand(file, entry(1));
  CHECK(diary->commit().state == Commit::State::again);
  CHECK(contents() == entries(0, 2));
  diary->check_for_changes();
  CHECK(diary->find_recent(entry(1)) == entry(0).size());
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "a diary that gets another file while an append is synced is not told to hold the entry") {
  open(entry(0));
  const std::string buffer = contents();
  disk.before_sync = [&] {
    disk.before_sync = nullptr;
    replace_by_hand(file, buffer);
  };
  diary->add(entry(1));
  CHECK(diary->commit().state == Commit::State::again);
  CHECK(changed());
  CHECK(kept("missing").empty());  // nobody was told that it is saved
  CHECK(append(entry(1)).saved());
  CHECK(contents() == entries(0, 2));
}

TEST_CASE_FIXTURE(DiaryFixture, "a sorted diary is found changed, and an entry of it is found in its new place") {
  open(entry(0));
  CHECK(append(entry(1)).saved());
  CHECK(append(entry(2)).saved());
  write_file(file, entry(2) + entry(1) + entry(0));
  CHECK(changed());
  CHECK(kept("missing").empty());
  CHECK(diary->find_recent(entry(2)) == 0);
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "an entry under which sort(1) has put the owner's line is not missing, and is looked at once") {
  open("von Hand\n\n");
  const std::string one = entry_on("2026-11-24", "一");
  const std::string two = entry_on("2026-11-25", "二");
  CHECK(append(one).saved());
  CHECK(append(two).saved());
  const auto line = [](const std::string& entry) { return entry.substr(0, entry.size() - 1); };
  write_file(file, "\n\n\n" + line(one) + line(two) + "von Hand\n");
  CHECK(changed());
  CHECK(kept("missing").empty());
  CHECK_FALSE(changed());
  reports.clear();
  open();
  CHECK(kept("missing").empty());
  CHECK(reports.empty());
}
