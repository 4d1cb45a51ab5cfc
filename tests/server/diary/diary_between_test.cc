// What the owner does between two calls of the server's while it looks at the diary: server/diary/diary.h.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "tests/server/diary/diary_fixture.h"
#include "tests/support/files.h"

using namespace md2;
using namespace md2::test;

TEST_CASE_FIXTURE(DiaryFixture, "what was seen of a file while it was written is no beginning of what it has become") {
  open(entries(0, 3));
  CHECK(append(entry(3)).saved());
  CHECK_FALSE(changed());
  clock.steady_now += std::chrono::seconds(2);
  // Its size was asked for already, and a text of that size never stood there.
  disk.behind_read = [this] { write_file(file, "a note\n\n" + entries(0, 4)); };
  CHECK(changed());
  CHECK(diary->durable() < contents().size());
  CHECK(changed());
  CHECK(diary->durable() == contents().size());
  CHECK_FALSE(changed());
}

TEST_CASE_FIXTURE(DiaryFixture, "a file that is written over while it is looked at was never added to") {
  for (int reads = 0; reads < 12; ++reads) {
    CAPTURE(reads);
    open(entries(0, 3));
    CHECK(append(entry(3)).saved());
    replace_by_hand(file, entries(0, 2));
    int left = reads;
    const std::function<void()> behind_read = [&] {
      if (left-- > 0) {
        disk.behind_read = behind_read;
      } else {
        write_file(file, "a note\n\n" + entries(0, 4));
      }
    };
    disk.behind_read = behind_read;
    for (int turn = 0; turn < 4; ++turn) CHECK(diary->check_for_changes() != Diary::Change::added);
    CHECK(diary->durable() == contents().size());
    disk.behind_read = nullptr;
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry whose glued copy the owner makes one is not written once more") {
  for (int reads = 1; reads < 3; ++reads) {
    CAPTURE(reads);
    open(entry(0));
    diary->add(entry(1));
    append_by_hand(file, "note");
    int left = reads;
    const std::function<void()> behind_read = [&] {
      if (left-- > 0) {
        disk.behind_read = behind_read;
      } else {
        std::string text = contents();
        write_file(file, text.insert(text.find("note") + 4, "\n"));
      }
    };
    disk.behind_read = behind_read;
    CHECK(diary->commit().state == Commit::State::again);
    CHECK(contents() == entry(0) + "note\n" + entry(1));
  }
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "an entry that the owner writes into the file between a look and its append is sought") {
  for (const std::string& before :
       {"a note that is longer than what it replaces\n\n" + entry(1) + entry(0), entry(1)}) {
    CAPTURE(before);
    open(entry(0) + entry(0));
    CHECK_FALSE(changed());
    diary->add(entry(1));
    write_file(file, before);
    CHECK(diary->commit().state == Commit::State::again);
    CHECK(contents() == before);
  }
}

TEST_CASE_FIXTURE(DiaryFixture, "what is written into a file that has just lost its name is seen") {
  open(entry(0));
  CHECK(append(entry(1, "ok")).saved());
  CHECK_FALSE(changed());
  const int editor = ::open(file.c_str(), O_WRONLY);
  const std::string text = entry(0) + entry(1, "no");
  std::filesystem::remove(file);
  for (const bool written : {false, true}) {
    CAPTURE(written);
    if (written) CHECK(pwrite(editor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    CHECK(changed() == written);
    CHECK(diary->waits_for_name());
  }
  ::close(editor);
  CHECK(read_file(kept("missing")) == entry(1, "ok"));
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry that is answered while it is in doubt, and then goes, is kept once") {
  open("");
  for (int i = 0; i < 3; ++i) CHECK(append(entry(i)).saved());
  disk.full_for = ".missing";
  write_file(file, entries(0, 2));
  CHECK(changed());
  const auto place = diary->find_recent(entry(1));
  REQUIRE(place);
  CHECK(diary->vouch(*place, entry(1)));
  write_file(file, entry(0) + std::string(entry(1).size(), '.'));
  disk.full_for.clear();
  for (int looks = 0; looks < 4; ++looks) {
    clock.steady_now += std::chrono::seconds(2);
    diary->check_for_changes();
  }
  CHECK(read_file(kept("missing")) == entries(1, 3));
}

TEST_CASE_FIXTURE(DiaryFixture, "who is answered for an entry that has just taken another's place has it guarded") {
  open(entry(0, "one") + entry(9));
  CHECK(diary->vouch(0, entry(0, "one")));
  write_file(file, entry(1, "two") + entry(9));  // and its times were put back
  CHECK(diary->vouch(0, entry(1, "two")));
  write_file(file, entry(9));
  CHECK(changed());
  while (diary->next_look() == clock.steady_now) diary->check_for_changes();
  CHECK(read_file(kept("missing")) == entry(0, "one") + entry(1, "two"));
}

TEST_CASE_FIXTURE(DiaryFixture, "an entry that was sought is not added when its owner wrote it over what stood there") {
  const std::string text = entry(5) + entry(1, "as long as what stood there");
  const std::string before = entry(0, std::string(text.size() - entry(0, "").size(), '.'));
  SUBCASE("while what stood there went to the disk") {
    open("");
    diary->add(before);
    disk.before_sync = [&] { write_file(file, text); };
    CHECK(diary->commit().saved());
    disk.before_sync = nullptr;
    CHECK(diary->check_for_changes() == Diary::Change::none);
    diary->add_sought(entry(5));
  }
  SUBCASE("just before it was added") {
    open("");
    CHECK(append(before).saved());
    diary->check_for_changes();
    diary->add_sought(entry(5));
    disk.before_append = [&] { write_file(file, text); };
  }
  CHECK(diary->commit().state == Commit::State::again);
  CHECK(contents() == text);
  CHECK(changed());
  CHECK(diary->find_recent(entry(5)) == 0);
}

TEST_CASE_FIXTURE(DiaryFixture, "while the ring has no name and no room for another, nothing is saved or kept twice") {
  open(entry(0));
  for (int i = 1; i < 3; ++i) CHECK(append(entry(i)).saved());
  std::filesystem::remove(file + ".ring");
  disk.full_for = ".ring.new";
  replace_by_hand(file, entries(0, 2));
  for (int looks = 0; looks < 4; ++looks) {
    CAPTURE(looks);
    diary->check_for_changes();
    CHECK_FALSE(diary->vouch(0, entry(0)));
    diary->add(entry(3));
    CHECK(diary->commit().state == Commit::State::failed);
    clock.steady_now += std::chrono::seconds(2);
  }
  CHECK(read_file(kept("missing")) == entry(2));
  CHECK(reports.size() < 5);
  disk.full_for.clear();
  for (int looks = 0; looks < 2; ++looks) diary->check_for_changes();
  CHECK(append(entry(3)).saved());
  std::filesystem::remove(kept("missing"));
  // As after a kill: of the ring there is what bears its name.
  std::filesystem::copy_file(file + ".ring", file + ".ring.then");
  diary.reset();
  std::filesystem::rename(file + ".ring.then", file + ".ring");
  write_file(file, entry(0));
  open();
  CHECK(read_file(kept("missing")) == entry(1) + entry(3));
}

TEST_CASE_FIXTURE(DiaryFixture,
                  "an entry whose header no longer begins a line is missed, though its bytes are where they were") {
  for (const char end : {' ', '\0'}) {
    CAPTURE(int{end});
    open("of the owner\n\n");
    CHECK(append(entry(1)).saved());
    diary.reset();
    write_file(file, std::string("of the owner\n") + end + entry(1));
    open();
    CHECK(read_file(kept("missing")) == entry(1));
    std::filesystem::remove(kept("missing"));
  }
}
